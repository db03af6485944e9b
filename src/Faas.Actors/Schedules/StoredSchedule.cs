namespace Faas.Actors.Schedules;

/// <summary>A schedule as the store has it, and what has become of it.</summary>
/// <param name="Schedule">What is to be run when.</param>
/// <param name="Revision">Another one each time that it is written, and never one of another schedule.</param>
public sealed record StoredSchedule(Schedule Schedule, long Revision)
{
    /// <summary>What its runs are given, as JSON.</summary>
    public ReadOnlyMemory<byte> Input { get; init; }

    /// <summary>The next instant at which it fires; null: it is disabled, or none comes.</summary>
    public DateTimeOffset? Next { get; init; }

    /// <summary>The instant of the last fire that has made a run; null: there was none.</summary>
    public DateTimeOffset? Fired { get; init; }

    /// <summary>The run of that fire.</summary>
    public string? RunId { get; init; }

    /// <summary>The instant of the last fire that could make no run; null: there was none.</summary>
    public DateTimeOffset? FailedAt { get; init; }

    /// <summary>Why that one could not.</summary>
    public FireFailure? Failure { get; init; }

    /// <summary>The instant of the last fire that was skipped because the last run had not ended; null: there was none.</summary>
    public DateTimeOffset? SkippedAt { get; init; }

    /// <summary>How many fires have made a run.</summary>
    public long Runs { get; init; }

    /// <summary>How many fires were skipped because the last run had not ended.</summary>
    public long Skipped { get; init; }

    /// <summary>How many instants were passed over because no server was up.</summary>
    public long Missed { get; init; }

    /// <summary>How many fires could make no run.</summary>
    public long Failed { get; init; }
}

/// <summary>Why a fire made no run.</summary>
/// <param name="Reason">The reason of the refusal, by its wire name.</param>
/// <param name="Detail">One sentence for a person.</param>
public sealed record FireFailure(string Reason, string Detail);
