using Akka.Actor;
using Faas.Actors.Pool.Scheduler;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Reply;

namespace Faas.Actors.Pool;

/// <summary>Asks the pool to run a run. Answered to the sender by exactly one <see cref="IRunReply"/>.</summary>
/// <remarks>
/// The call id must be unique among calls that have not ended; another call of the same id is answered with reason <c>sandbox</c>.
/// A caller that gives up (a timeout, a client that left) sends <see cref="CancelRun"/>; else the call goes on without it.
/// </remarks>
public sealed record SubmitRun(Run Run) : INoSerializationVerificationNeeded;

/// <summary>The caller no longer wants an answer: the waiter leaves, the running run is killed (outcome <c>cancelled</c>).</summary>
public sealed record CancelRun(string RunId);

/// <summary>Take no new work; let what runs finish for so long, then cancel it. Answered by <see cref="PoolDrained"/> once every sandbox is dead.</summary>
public sealed record DrainPool(TimeSpan Within);

/// <summary>No sandbox is left.</summary>
public sealed record PoolDrained
{
    /// <summary>The only instance.</summary>
    public static PoolDrained Instance { get; } = new();
}

/// <summary>Asks for a <see cref="PoolStatus"/>.</summary>
public sealed record GetPoolStatus
{
    /// <summary>The only instance.</summary>
    public static GetPoolStatus Instance { get; } = new();
}
