namespace Faas.Actors.Runs.Recent;

/// <summary>What is known of a run at one moment.</summary>
/// <param name="Record">The run.</param>
/// <param name="Stage">How far it has come.</param>
/// <param name="End">How it ended; null: it is under way.</param>
public sealed record RecentRun(RunRecord Record, RunStage Stage, RunEnd? End)
{
    /// <summary>Where its sandbox came from; null: it has none, or never had one.</summary>
    public Warmth? Start { get; init; }

    /// <summary>When a sandbox got it; null: none has.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>When it was over; null: it is not.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>Its processor time; null: it was not measured.</summary>
    public TimeSpan? Cpu { get; init; }

    /// <summary>The most memory that it held; null: it was not measured.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>What a filter looks at.</summary>
    public RunFacts Facts => new(
        Record.Id, Record.Path, Record.Version, Stage, End?.Reason, Record.Language, Start, Record.Call.Via, Record.Key);
}
