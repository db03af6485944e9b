using Faas.Actors.Runs;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Sandboxes.Outcomes;

namespace Faas.Actors.Sandboxes;

/// <summary>One thing that <see cref="SandboxState"/> tells the sandbox's actor to do.</summary>
public abstract record SandboxEffect;

/// <summary>Tell the pool that the sandbox is ready to be bound.</summary>
public sealed record AnnounceReady : SandboxEffect;

/// <summary>Tell the pool that the run is over and the sandbox can take the next.</summary>
public sealed record AnnounceFree(string RunId, TimeSpan Service) : SandboxEffect;

/// <summary>Tell the pool that the sandbox never became ready.</summary>
public sealed record AnnounceStartFailure(string Why) : SandboxEffect;

/// <summary>Send the run to the zygote and start to read its frames. The caller of a streaming run gets the stream now.</summary>
/// <param name="Lease">The run.</param>
/// <param name="Bind">True: send the program first.</param>
public sealed record BeginRun(Lease Lease, bool Bind) : SandboxEffect;

/// <summary>Send the program of this run to the zygote, and no order.</summary>
public sealed record BindProgram(Run Run) : SandboxEffect;

/// <summary>Send the outcome to the caller.</summary>
public sealed record SendOutcome(Lease Lease, Outcome Outcome) : SandboxEffect;

/// <summary>Send the returned value to the caller, while the run's processes are still being ended.</summary>
public sealed record SendValueEarly(Lease Lease, Outcome Outcome) : SandboxEffect;

/// <summary>Tell the caller, who has the value already, what the run has cost.</summary>
public sealed record SendUsage(Lease Lease, Usage Usage) : SandboxEffect;

/// <summary>Send a failure to the caller of a run that this sandbox cannot take.</summary>
public sealed record RejectRun(Lease Lease, string Why) : SandboxEffect;

/// <summary>
/// Finish the run in a task of its own, without the actor. The sandbox is dead or dying, and its output is not read to the end.
/// </summary>
/// <param name="Lease">The run.</param>
/// <param name="Kill">Why the server killed the sandbox; null: the server did not.</param>
/// <param name="Before">The kernel's counters before the run.</param>
/// <param name="Elapsed">How long the run took.</param>
public sealed record FinishWithoutActor(Lease Lease, KillReason? Kill, KernelCounters Before, TimeSpan Elapsed) : SandboxEffect;

/// <summary>Kill every process of the sandbox.</summary>
public sealed record KillProcess : SandboxEffect;

/// <summary>Stop the actor.</summary>
public sealed record StopSelf : SandboxEffect;
