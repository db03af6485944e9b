using Akka.Actor;
using Faas.Actors.Runs;

namespace Faas.Actors.Pool.Scheduler;

/// <summary>Every sandbox and every run of the pool at one moment, for an operator to look at.</summary>
/// <param name="Now">The moment, by the pool's clock.</param>
/// <param name="Status">The pool in numbers.</param>
/// <param name="Sandboxes">The living sandboxes, the oldest first.</param>
/// <param name="Runs">The runs that wait or are executed, the oldest first.</param>
public sealed record PoolView(TimeSpan Now, PoolStatus Status, IReadOnlyList<SandboxView> Sandboxes, IReadOnlyList<RunView> Runs)
    : INoSerializationVerificationNeeded
{
    /// <summary>
    /// What the wall clock showed when the pool's clock began. Two views have the same, unless somebody has set the wall clock.
    /// </summary>
    public DateTimeOffset Origin { get; init; }
}

/// <summary>One sandbox.</summary>
/// <param name="Name">Its name in the log, such as <c>node-12</c>.</param>
/// <param name="Image">What it was started as.</param>
/// <param name="Stage">What the pool has it for.</param>
/// <param name="Since">Since when it is that, by the pool's clock.</param>
/// <param name="MemoryBytes">The memory that it holds, as far as it is measured.</param>
/// <param name="Uses">How many runs it has got.</param>
/// <param name="Queue">The script whose run it got last; null: it got none.</param>
/// <param name="Version">The version of that script; null: there is none.</param>
/// <param name="Runs">How many runs it executes.</param>
public sealed record SandboxView(
    string Name, ImageKey Image, FleetStage Stage, TimeSpan Since, long MemoryBytes, long Uses, string? Queue, long? Version, int Runs);

/// <summary>One run.</summary>
/// <param name="RunId">Its name.</param>
/// <param name="Queue">The script, or <see cref="Run.RunNowQueue"/>.</param>
/// <param name="Version">The version; null: the code is not stored.</param>
/// <param name="Mode">What is done with the code.</param>
/// <param name="Since">When it began to wait, or a sandbox got it, by the pool's clock.</param>
/// <param name="Sandbox">The sandbox that executes it; null: it waits.</param>
public sealed record RunView(string RunId, string Queue, long? Version, RunMode Mode, TimeSpan Since, string? Sandbox);
