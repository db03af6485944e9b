using Faas.Actors.Runs;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Sandboxes.Outcomes;

namespace Faas.Actors.Sandboxes;

/// <summary>A transition's result: the next state, and what the actor does, in this order.</summary>
public sealed record SandboxTransition(SandboxState State, params SandboxEffect[] Effects);

/// <summary>Something that a sandbox's actor has to do.</summary>
public abstract record SandboxEffect;

/// <summary>Tell the pool that the sandbox may be bound.</summary>
public sealed record AnnounceReady : SandboxEffect;

/// <summary>Tell the pool that the sandbox serves nobody again.</summary>
public sealed record AnnounceFree(string RunId, TimeSpan Service) : SandboxEffect;

/// <summary>Tell the pool that the sandbox never became ready.</summary>
public sealed record AnnounceStartFailure(string Why) : SandboxEffect;

/// <summary>Send the run to the zygote and start to read; a stream is handed to its caller now.</summary>
/// <param name="Lease">The run.</param>
/// <param name="Bind">True: the program goes first.</param>
public sealed record BeginRun(Lease Lease, bool Bind) : SandboxEffect;

/// <summary>Give the caller the outcome.</summary>
public sealed record SendOutcome(Lease Lease, Outcome Outcome) : SandboxEffect;

/// <summary>Give the caller the value that the script returned; the run goes on until nothing of it is left.</summary>
public sealed record SendValueEarly(Lease Lease, Outcome Outcome) : SandboxEffect;

/// <summary>Answer a run that does not run here.</summary>
public sealed record RejectRun(Lease Lease, string Why) : SandboxEffect;

/// <summary>The sandbox is dead or dying, what it wrote is not read to its end: finish the run without the actor.</summary>
/// <param name="Lease">The run.</param>
/// <param name="Kill">Why the server killed the sandbox.</param>
/// <param name="Before">The kernel's counters before the run.</param>
/// <param name="Elapsed">How long it ran.</param>
public sealed record FinishWithoutActor(Lease Lease, KillReason? Kill, KernelCounters Before, TimeSpan Elapsed) : SandboxEffect;

/// <summary>Kill every process of the sandbox.</summary>
public sealed record KillProcess : SandboxEffect;

/// <summary>The actor ends.</summary>
public sealed record StopSelf : SandboxEffect;

/// <summary>What an outcome gets when it leaves.</summary>
internal static class OutcomeOfRun
{
    /// <summary>Fills in what only the sandbox's actor knows.</summary>
    public static Outcome Of(this Outcome outcome, Lease lease, TimeSpan wall) =>
        outcome with { Warmth = lease.Warmth, Usage = outcome.Usage with { Elapsed = wall } };
}
