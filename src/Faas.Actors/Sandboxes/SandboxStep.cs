using Faas.Actors.Runs;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Sandboxes.Outcomes;

namespace Faas.Actors.Sandboxes;

/// <summary>A transition's result: the next state, and what the actor does, in this order.</summary>
public sealed record SandboxStep(SandboxState State, params SandboxEffect[] Effects);

/// <summary>Something that a sandbox's actor has to do.</summary>
public abstract record SandboxEffect;

/// <summary>Tell the pool that the sandbox may be bound.</summary>
public sealed record AnnounceReady : SandboxEffect;

/// <summary>Tell the pool that the sandbox serves nobody again.</summary>
public sealed record AnnounceFree(string CallId, TimeSpan Service) : SandboxEffect;

/// <summary>Tell the pool that the sandbox never became ready.</summary>
public sealed record AnnounceStartFailure(string Why) : SandboxEffect;

/// <summary>Send the invocation to the zygote and start to read; a stream is handed to its caller now.</summary>
/// <param name="Run">The invocation.</param>
/// <param name="Bind">True: the program goes first.</param>
public sealed record BeginRun(RunInSandbox Run, bool Bind) : SandboxEffect;

/// <summary>Give the caller the outcome.</summary>
public sealed record Answer(RunInSandbox Run, Outcome Outcome) : SandboxEffect;

/// <summary>Give the caller the value that the script returned; the invocation goes on until nothing of it is left.</summary>
public sealed record AnswerEarly(RunInSandbox Run, Outcome Outcome) : SandboxEffect;

/// <summary>Answer an invocation that does not run here.</summary>
public sealed record Refuse(RunInSandbox Run, string Why) : SandboxEffect;

/// <summary>The sandbox is dead or dying, what it wrote is not read to its end: finish the invocation without the actor.</summary>
/// <param name="Run">The invocation.</param>
/// <param name="Kill">Why the server killed the sandbox.</param>
/// <param name="Before">The kernel's counters before the invocation.</param>
/// <param name="Wall">How long it ran.</param>
public sealed record FinishApart(RunInSandbox Run, KillReason? Kill, KernelCounters Before, TimeSpan Wall) : SandboxEffect;

/// <summary>Kill every process of the sandbox.</summary>
public sealed record KillProcess : SandboxEffect;

/// <summary>The actor ends.</summary>
public sealed record StopSelf : SandboxEffect;

/// <summary>What an outcome gets when it leaves.</summary>
internal static class OutcomeOfRun
{
    /// <summary>Fills in what only the sandbox's actor knows.</summary>
    public static Outcome Of(this Outcome outcome, RunInSandbox run, TimeSpan wall) =>
        outcome with { Start = run.Start, Usage = outcome.Usage with { Wall = wall } };
}
