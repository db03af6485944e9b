using Akka.Actor;

namespace Faas.Actors.Runs.Output;

/// <summary>What a streaming run emits: any number of lines, then exactly one <see cref="OutputEnded"/>.</summary>
public abstract record OutputEvent : INoSerializationVerificationNeeded;

/// <summary>One line as printed, without its line break.</summary>
/// <param name="Stream">Where it was printed.</param>
/// <param name="Bytes">At most 64 KiB, any bytes.</param>
/// <param name="Partial">True when the line goes on in the next event of the same stream.</param>
public sealed record OutputLine(OutputStream Stream, ReadOnlyMemory<byte> Bytes, bool Partial) : OutputEvent;

/// <summary>The end: nothing comes after it.</summary>
public sealed record OutputEnded(Outcome Outcome) : OutputEvent;

/// <summary>A script's two output streams.</summary>
public enum OutputStream
{
    /// <summary>Descriptor 1.</summary>
    Stdout,

    /// <summary>Descriptor 2.</summary>
    Stderr,
}
