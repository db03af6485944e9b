using Akka;
using Akka.Actor;
using Akka.Streams.Dsl;
using Faas.Actors.Invocations;
using Faas.Actors.Output;

namespace Faas.Actors.Pool;

/// <summary>Asks the pool to run an invocation. Answered to the sender by exactly one <see cref="IInvokeReply"/>.</summary>
/// <remarks>
/// The call id must be unique among calls that have not ended; another call of the same id is answered with reason <c>sandbox</c>.
/// A caller that gives up (a timeout, a client that left) sends <see cref="CancelInvocation"/>; else the call goes on without it.
/// </remarks>
public sealed record Invoke(Invocation Invocation) : INoSerializationVerificationNeeded;

/// <summary>The answers to <see cref="Invoke"/>.</summary>
public interface IInvokeReply
{
    /// <summary>The call that is answered.</summary>
    string CallId { get; }
}

/// <summary>A non-streaming invocation is over.</summary>
public sealed record InvocationEnded(string CallId, Outcome Outcome) : IInvokeReply, INoSerializationVerificationNeeded;

/// <summary>
/// A streaming invocation runs. <paramref name="Output"/> materializes once; its elements are what could be read at one time, and the last event is one <see cref="OutputEnded"/>.
/// Cancelling it cancels the invocation. Not materialized at all, the invocation stalls until its deadline.
/// </summary>
public sealed record InvocationStreaming(string CallId, SandboxStart Start, Source<IReadOnlyList<OutputEvent>, NotUsed> Output)
    : IInvokeReply, INoSerializationVerificationNeeded;

/// <summary>The invocation did not run and will not.</summary>
/// <param name="CallId">The call.</param>
/// <param name="Why">What stood in the way.</param>
/// <param name="RetryAfter">When there will be room for it, by <see cref="RetrySchedule"/>; at least a second.</param>
public sealed record InvocationRefused(string CallId, Refusal Why, TimeSpan RetryAfter) : IInvokeReply, INoSerializationVerificationNeeded;

/// <summary>Why the pool refused.</summary>
public enum Refusal
{
    /// <summary>The queue is full.</summary>
    QueueFull,

    /// <summary>It waited for <c>queue-timeout</c>.</summary>
    QueueTimeout,

    /// <summary>The server is stopping.</summary>
    Draining,
}

/// <summary>The caller no longer wants an answer: the waiter leaves, the running invocation is killed (outcome <c>cancelled</c>).</summary>
public sealed record CancelInvocation(string CallId);

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

/// <summary>What the pool looks like now.</summary>
/// <param name="Starting">Sandboxes whose runtime has not answered yet.</param>
/// <param name="Spare">Ready, bound to nothing.</param>
/// <param name="Idle">Bound, serving nobody.</param>
/// <param name="Busy">Running an invocation.</param>
/// <param name="Waiting">Invocations in the queue.</param>
/// <param name="LastStartError">The runtime whose starts fail, and why the last of them did; null while the last start of each runtime worked.</param>
/// <param name="FailedStarts">How many starts of that runtime have failed since one that worked.</param>
public sealed record PoolStatus(int Starting, int Spare, int Idle, int Busy, int Waiting, string? LastStartError, int FailedStarts = 0);
