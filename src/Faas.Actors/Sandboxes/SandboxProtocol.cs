using Akka.Actor;
using Faas.Actors.Runs;

namespace Faas.Actors.Sandboxes;

/// <summary>Pool to sandbox: run this and answer <paramref name="ReplyTo"/> with an <see cref="Runs.Reply.IRunReply"/>, before <see cref="SandboxFree"/> and before you stop. Sent only to a ready, idle sandbox.</summary>
/// <remarks>
/// The pool's <paramref name="ReplyTo"/> lets the first answer through and drops the rest. When the sandbox's actor has
/// stopped and no answer has come, the pool answers for it (reason <c>sandbox</c>, or <c>cancelled</c> after a <see cref="StopRun"/>).
/// </remarks>
public sealed record Lease(Run Run, IActorRef ReplyTo, Warmth Warmth) : INoSerializationVerificationNeeded;

/// <summary>Pool to sandbox: the caller left. The sandbox kills itself with its run (outcome <c>cancelled</c>). Ignored if that run is not the one that runs.</summary>
public sealed record StopRun(string RunId);

/// <summary>Pool to sandbox: you are no longer needed. It kills its process, waits for its end and stops itself. May come while it is starting.</summary>
public sealed record CloseSandbox
{
    /// <summary>The only instance.</summary>
    public static CloseSandbox Instance { get; } = new();
}

/// <summary>Sandbox to pool: the runtime answered; it may be bound.</summary>
/// <param name="MemoryBytes">The memory that it holds; 0 when the kernel does not say.</param>
public sealed record SandboxReady(long MemoryBytes) : INoSerializationVerificationNeeded;

/// <summary>Sandbox to pool: the run is over, nothing of it is left, the next may come. A sandbox that cannot promise that stops instead.</summary>
/// <param name="RunId">The run that ended.</param>
/// <param name="Service">How long it took.</param>
public sealed record SandboxFree(string RunId, TimeSpan Service) : INoSerializationVerificationNeeded;

/// <summary>Sandbox to pool, before it stops: it never became ready.</summary>
/// <param name="Why">One line for the operator.</param>
public sealed record SandboxStartFailed(string Why) : INoSerializationVerificationNeeded;
