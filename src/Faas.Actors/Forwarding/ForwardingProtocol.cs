using System.Buffers;
using Akka.Streams;
using Faas.Actors.Placement;
using Faas.Actors.Runs;

namespace Faas.Actors.Forwarding;

/// <summary>A message about one run that a node, its origin, has forwarded.</summary>
internal interface IOfForwardedRun
{
    /// <summary>The origin's number of the run.</summary>
    long Number { get; }
}

/// <summary>A message to all nodes, which the node that has sent it gets, too.</summary>
internal interface IToldToAll
{
    /// <summary>The node that has sent it.</summary>
    string Node { get; }
}

/// <summary>Origin to another node: execute this (<see cref="RunOrder"/>).</summary>
internal sealed record ForwardRun(long Number, Parcel Order) : IOfForwardedRun;

/// <summary>Origin to the other node: no caller waits any more. A run that is executed is killed.</summary>
internal sealed record AbandonRun(long Number) : IOfForwardedRun;

/// <summary>Origin to the executing node: an operator cancels the run. The reply is the outcome.</summary>
internal sealed record CancelForwarded(long Number) : IOfForwardedRun;

/// <summary>To the origin: the run is over, or never began (<see cref="RunOutcome"/>).</summary>
internal sealed record RunReplied(long Number, Parcel Outcome) : IOfForwardedRun;

/// <summary>To the origin: the run streams; these are its output, by <see cref="OutputWriter"/>.</summary>
internal sealed record RunStreams(long Number, Warmth Warmth, ISourceRef<BytePiece> Output) : IOfForwardedRun;

/// <summary>To the origin: nothing ran. The origin is to run it itself.</summary>
internal sealed record RunDeclined(long Number) : IOfForwardedRun;

/// <summary>To the origin, after its <see cref="RunReplied"/>: what the run has cost.</summary>
internal sealed record RunCost(long Number, Usage Usage) : IOfForwardedRun;

/// <summary>Bytes that are short enough for one message between nodes.</summary>
internal sealed record BytePiece(ReadOnlyMemory<byte> Bytes);

/// <summary>Bytes: all of them, or, if they are too long for one message, where they come from.</summary>
internal sealed record Parcel(ReadOnlySequence<byte> Whole, ISourceRef<BytePiece>? Pieces = null);

/// <summary>
/// A node tells the others of a version whose sandboxes are to stay bound, by an example of its runs (<see cref="RunOrder"/>).
/// </summary>
internal sealed record KeepSandboxes(string Node, ReadOnlyMemory<byte> Order) : IToldToAll;

/// <summary>A node tells the others that no sandbox of a script is to stay bound any more.</summary>
internal sealed record LetGoSandboxes(string Node, string Path) : IToldToAll;

/// <summary>A node tells the others of its pool.</summary>
internal sealed record PoolNews(string Node, DigestNews News) : IToldToAll;

/// <summary>To a node: the next of your news must have all seats.</summary>
internal sealed record WantWholeNews
{
    /// <summary>The only instance.</summary>
    public static WantWholeNews Instance { get; } = new();
}
