using Faas.Actors.Runs;

namespace Faas.Actors.Sandboxes;

/// <summary>Send the run to the process.</summary>
internal sealed record SendRun(ConcurrentRun Run) : SandboxEffect;

/// <summary>Tell the process that no caller waits for this run any more.</summary>
internal sealed record SendCancel(ConcurrentRun Run) : SandboxEffect;

/// <summary>Send the outcome to the run's caller.</summary>
internal sealed record EndConcurrentRun(ConcurrentRun Run, Outcome Outcome) : SandboxEffect;

/// <summary>Tell the pool that this sandbox takes no more runs.</summary>
internal sealed record AnnounceRetired : SandboxEffect;

/// <summary>Wait for the process to answer, for <see cref="ConcurrentState.AnswerPatience"/>.</summary>
internal sealed record AwaitAnswer : SandboxEffect;
