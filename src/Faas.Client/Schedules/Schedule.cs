using System.Text.Json;
using System.Text.Json.Serialization;

namespace Faas.Client;

/// <summary>A schedule as the server has it (docs/schedules.md).</summary>
/// <param name="Name">Its name.</param>
/// <param name="Path">The script.</param>
/// <param name="Cron">When it fires.</param>
/// <param name="TimeZone">By which clock: the IANA name of a time zone.</param>
/// <param name="Priority">The priority of its runs.</param>
/// <param name="Enabled">Whether it fires.</param>
/// <param name="Overlap">What becomes of a fire while the last run has not ended: <c>skip</c>, <c>queue</c> or <c>cancel</c>.</param>
/// <param name="Missed">What becomes of the fires of a time in which no server was up: <c>skip</c>, <c>once</c> or <c>all</c>.</param>
/// <param name="Counts">What became of its instants.</param>
public sealed record Schedule(
    string Name, string Path, string Cron, string TimeZone, int Priority, bool Enabled, string Overlap, string Missed, FireCounts Counts)
{
    /// <summary>A version's number or an alias; null: the latest version.</summary>
    public string? Version { get; init; }

    /// <summary>What its runs are given; null in a list.</summary>
    public JsonElement? Input { get; init; }

    /// <summary>The name of the key that has written it; null: none was needed.</summary>
    public string? Key { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last written.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The next instant at which it fires; null: none comes.</summary>
    public DateTimeOffset? Next { get; init; }

    /// <summary>Its last fire; null: there was none.</summary>
    public LastFire? Last { get; init; }

    /// <summary>The last instant that was skipped because the last run had not ended; null: there was none.</summary>
    public DateTimeOffset? SkippedAt { get; init; }

    /// <summary>The state in which it was read, for changes that must not undo another's; null in a list.</summary>
    [JsonIgnore]
    public string? Tag { get; init; }
}

/// <summary>What became of a schedule's instants.</summary>
/// <param name="Runs">How many have made a run.</param>
/// <param name="Skipped">How many were skipped because the last run had not ended.</param>
/// <param name="Missed">How many were passed over because no server was up.</param>
/// <param name="Failed">How many could make no run.</param>
public sealed record FireCounts(long Runs, long Skipped, long Missed, long Failed);

/// <summary>The last fire of a schedule that has made a run, or could make none.</summary>
/// <param name="At">Its instant.</param>
public sealed record LastFire(DateTimeOffset At)
{
    /// <summary>Its run; null: it could make none.</summary>
    public string? Run { get; init; }

    /// <summary>How far the run has come; null in a list, and when its record is not kept any more.</summary>
    public string? State { get; init; }

    /// <summary>How the run ended, or why the fire could make none.</summary>
    public string? Reason { get; init; }

    /// <summary>One line about it.</summary>
    public string? Detail { get; init; }
}

/// <summary>A page of schedules, by name.</summary>
/// <param name="Schedules">The schedules.</param>
public sealed record SchedulePage(IReadOnlyList<Schedule> Schedules)
{
    /// <summary>Names the next page; null: this is the last one.</summary>
    public string? Next { get; init; }
}

/// <summary>What is to be run when.</summary>
/// <param name="Path">The script.</param>
/// <param name="Cron">When: a cron expression of five fields, of six with seconds in front, or a macro such as <c>@daily</c>.</param>
public sealed record NewSchedule(string Path, string Cron)
{
    /// <summary>A version's number or an alias, looked up at each fire; null: the latest version.</summary>
    public string? Version { get; init; }

    /// <summary>By which clock: the IANA name of a time zone; null: UTC.</summary>
    public string? TimeZone { get; init; }

    /// <summary>What the script sees as <c>event</c>; null: an empty object.</summary>
    public JsonElement? Input { get; init; }

    /// <summary>1 to 9: of the runs of a script that wait, one of the highest priority goes first; null: 5.</summary>
    public int? Priority { get; init; }

    /// <summary>Whether it fires; null: it does.</summary>
    public bool? Enabled { get; init; }

    /// <summary><c>skip</c>, <c>queue</c> or <c>cancel</c>; null: <c>skip</c>.</summary>
    public string? Overlap { get; init; }

    /// <summary><c>skip</c>, <c>once</c> or <c>all</c>; null: <c>skip</c>.</summary>
    public string? Missed { get; init; }

    /// <summary>What a schedule says, to be written again with a change.</summary>
    public static NewSchedule Of(Schedule schedule) => new(schedule.Path, schedule.Cron)
    {
        Version = schedule.Version,
        TimeZone = schedule.TimeZone,
        Input = schedule.Input,
        Priority = schedule.Priority,
        Enabled = schedule.Enabled,
        Overlap = schedule.Overlap,
        Missed = schedule.Missed,
    };
}
