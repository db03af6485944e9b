using System.Text.Json.Serialization;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Recent;
using Faas.Actors.Schedules;
using Faas.Http.Wire;

namespace Faas.Http.Api.Schedules;

/// <summary>A schedule, and what has become of it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Path">The script.</param>
/// <param name="Cron">When it fires.</param>
/// <param name="TimeZone">By which clock.</param>
/// <param name="Priority">The priority of its runs.</param>
/// <param name="Enabled">Whether it fires.</param>
/// <param name="Overlap">What becomes of a fire while the last run has not ended.</param>
/// <param name="Missed">What becomes of the fires of a time in which no server was up.</param>
/// <param name="CreatedAt">When it was made, UTC.</param>
/// <param name="UpdatedAt">When it was last written, UTC.</param>
/// <param name="Counts">What became of its instants.</param>
public sealed record ScheduleReply(
    string Name,
    [property: JsonConverter(typeof(PlainTextConverter))] string Path,
    string Cron,
    string TimeZone,
    int Priority,
    bool Enabled,
    OverlapRule Overlap,
    MissedRule Missed,
    DateTime CreatedAt,
    DateTime UpdatedAt,
    FireCountsReply Counts)
{
    /// <summary>A version's number or an alias; left out: the latest version.</summary>
    public string? Version { get; init; }

    /// <summary>What its runs are given; left out in a list.</summary>
    public RawJson? Input { get; init; }

    /// <summary>The name of the key that has written it; left out: none was needed.</summary>
    public string? Key { get; init; }

    /// <summary>The next instant at which it fires, UTC; left out: none comes.</summary>
    public DateTime? Next { get; init; }

    /// <summary>Its last fire; left out: there was none.</summary>
    public LastFireReply? Last { get; init; }

    /// <summary>The last instant that was skipped because the last run had not ended, UTC; left out: there was none.</summary>
    public DateTime? SkippedAt { get; init; }

    /// <summary>The same for a client.</summary>
    /// <param name="stored">The schedule.</param>
    /// <param name="run">The record of its last run; null: it is not looked up, or not kept any more.</param>
    public static ScheduleReply Of(StoredSchedule stored, KeptRun? run = null)
    {
        var schedule = stored.Schedule;
        return new ScheduleReply(
            schedule.Name,
            schedule.Path,
            schedule.Cron,
            schedule.TimeZone,
            schedule.Priority,
            schedule.Enabled,
            schedule.Overlap,
            schedule.Missed,
            schedule.CreatedAt.UtcDateTime,
            schedule.UpdatedAt.UtcDateTime,
            new FireCountsReply(stored.Runs, stored.Skipped, stored.Missed, stored.Failed))
        {
            Version = schedule.Version,
            Input = RawJson.Of(stored.Input),
            Key = schedule.Key,
            Next = stored.Next?.UtcDateTime,
            Last = LastFireReply.Of(stored, run),
            SkippedAt = stored.SkippedAt?.UtcDateTime,
        };
    }
}

/// <summary>What became of a schedule's instants.</summary>
/// <param name="Runs">How many have made a run.</param>
/// <param name="Skipped">How many were skipped because the last run had not ended.</param>
/// <param name="Missed">How many were passed over because no server was up.</param>
/// <param name="Failed">How many could make no run.</param>
public sealed record FireCountsReply(long Runs, long Skipped, long Missed, long Failed);

/// <summary>The last fire of a schedule that has made a run, or could make none.</summary>
/// <param name="At">Its instant, UTC.</param>
public sealed record LastFireReply(DateTime At)
{
    /// <summary>Its run; left out: it could make none.</summary>
    public string? Run { get; init; }

    /// <summary>How far the run has come; left out in a list, and when its record is not kept any more.</summary>
    public RunStage? State { get; init; }

    /// <summary>How the run ended, or why the fire could make none.</summary>
    public string? Reason { get; init; }

    /// <summary>One line about it.</summary>
    public string? Detail { get; init; }

    /// <summary>The same for a client.</summary>
    public static LastFireReply? Of(StoredSchedule stored, KeptRun? run) =>
        stored.FailedAt is { } failed && !(stored.Fired > failed)
            ? new LastFireReply(failed.UtcDateTime) { Reason = stored.Failure?.Reason, Detail = stored.Failure?.Detail }
        : stored.Fired is { } fired
            ? new LastFireReply(fired.UtcDateTime)
            {
                Run = stored.RunId, State = run?.Stage, Reason = run?.End?.Reason, Detail = run?.End?.Detail,
            }
        : null;
}

/// <summary>A page of schedules, by name.</summary>
/// <param name="Schedules">The schedules.</param>
/// <param name="Next">The <c>after</c> of the next page; left out: this is the last one.</param>
public sealed record SchedulePageReply(IReadOnlyList<ScheduleReply> Schedules, string? Next);

/// <summary>JSON of this room's records.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ScheduleReply))]
[JsonSerializable(typeof(SchedulePageReply))]
internal sealed partial class SchedulesJson : JsonSerializerContext;
