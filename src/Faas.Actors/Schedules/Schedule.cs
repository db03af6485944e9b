using Faas.Actors.Scripts;

namespace Faas.Actors.Schedules;

/// <summary>What is to be run when. Its input is kept beside it. Serialization/SCHEMA.md has its stored form.</summary>
public sealed record Schedule
{
    /// <summary>Its name, valid by <see cref="ScheduleName"/>.</summary>
    public required string Name { get; init; }

    /// <summary>The script.</summary>
    public required string Path { get; init; }

    /// <summary>A version's number or an alias, which is looked up at each fire; null: the latest version.</summary>
    public string? Version { get; init; }

    /// <summary>When it fires, valid by <see cref="CronTimes.CheckCron"/>.</summary>
    public required string Cron { get; init; }

    /// <summary>By which clock: the IANA name of a time zone.</summary>
    public required string TimeZone { get; init; }

    /// <summary>The priority of its runs, 1 to 9.</summary>
    public required int Priority { get; init; }

    /// <summary>Whether it fires.</summary>
    public required bool Enabled { get; init; }

    /// <summary>What becomes of a fire while the last run has not ended.</summary>
    public required OverlapRule Overlap { get; init; }

    /// <summary>What becomes of the fires of a time in which no server was up.</summary>
    public required MissedRule Missed { get; init; }

    /// <summary>The name of the key that has written it; null: none was needed.</summary>
    public string? Key { get; init; }

    /// <summary>The owner of that key, who is not that of a later key of the same name; null: no key was needed.</summary>
    public string? Caller { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last written.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The version that it means at a fire.</summary>
    public VersionRef VersionRef => Version is { } text && VersionRef.TryParse(text, out var version) ? version : VersionRef.Latest;
}
