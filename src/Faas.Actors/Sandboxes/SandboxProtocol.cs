using Akka.Actor;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Recent;

namespace Faas.Actors.Sandboxes;

/// <summary>
/// Pool to sandbox: run this. The sandbox sends an <see cref="Runs.Reply.IRunReply"/> to <paramref name="ReplyTo"/> before it sends
/// <see cref="SandboxFree"/> and before it stops. The pool sends a lease only to a ready sandbox without a run.
/// </summary>
/// <remarks>
/// The pool's <paramref name="ReplyTo"/> passes the first reply on and drops the others. When the sandbox's actor stops without a
/// reply, the pool replies in its place, with the reason <c>sandbox</c>, or <c>cancelled</c> after a <see cref="StopRun"/>.
/// </remarks>
/// <param name="Run">What to run.</param>
/// <param name="ReplyTo">Where the reply goes.</param>
/// <param name="Warmth">Where the sandbox came from.</param>
/// <param name="Record">Where the sandbox notes what becomes of the run; null: nowhere.</param>
public sealed record Lease(Run Run, IActorRef ReplyTo, Warmth Warmth, RunRecord? Record = null) : INoSerializationVerificationNeeded
{
    /// <summary>Adds to an outcome what only the sandbox's actor knows.</summary>
    /// <param name="outcome">The outcome of this run.</param>
    /// <param name="elapsed">How long the run took.</param>
    internal Outcome Complete(Outcome outcome, TimeSpan elapsed) =>
        outcome with { Warmth = Warmth, Usage = outcome.Usage with { Elapsed = elapsed } };
}

/// <summary>
/// Pool to sandbox: bind yourself to what this run would bind you to. Leases of such runs follow. A sandbox that cannot do that ends.
/// </summary>
/// <param name="Run">An example of the runs; it is not executed.</param>
public sealed record BindSandbox(Run Run) : INoSerializationVerificationNeeded;

/// <summary>
/// Pool to sandbox: the caller has left. The sandbox kills itself together with the run, whose outcome is <c>cancelled</c>. A sandbox
/// that has another run, or none, ignores the message.
/// </summary>
public sealed record StopRun(string RunId);

/// <summary>
/// Pool to sandbox: the pool no longer needs you. The sandbox kills its processes, waits for their end and stops. The message may come
/// while the sandbox is starting.
/// </summary>
public sealed record CloseSandbox
{
    /// <summary>The only instance.</summary>
    public static CloseSandbox Instance { get; } = new();
}

/// <summary>Sandbox to pool: the runtime is ready, so the sandbox can be bound.</summary>
/// <param name="MemoryBytes">The memory that the sandbox holds; 0 when the kernel does not say.</param>
public sealed record SandboxReady(long MemoryBytes) : INoSerializationVerificationNeeded;

/// <summary>
/// Sandbox to pool: the run is over, no process and no file of it is left, and the next run may come. A sandbox that cannot promise
/// this stops instead.
/// </summary>
/// <param name="RunId">The run that ended.</param>
/// <param name="Service">How long the run took.</param>
/// <param name="MemoryBytes">The memory that the sandbox holds; 0 when it was not measured, as after most runs.</param>
public sealed record SandboxFree(string RunId, TimeSpan Service, long MemoryBytes = 0) : INoSerializationVerificationNeeded;

/// <summary>
/// Sandbox to pool: send no more runs. Those that the sandbox has go on, and their end is told as ever; then the pool closes it.
/// </summary>
public sealed record SandboxRetired : INoSerializationVerificationNeeded
{
    /// <summary>The only instance.</summary>
    public static SandboxRetired Instance { get; } = new();
}

/// <summary>Sandbox to pool, before it stops: the sandbox never became ready.</summary>
/// <param name="Why">One line for the operator.</param>
public sealed record SandboxStartFailed(string Why) : INoSerializationVerificationNeeded;
