using Faas.Actors.Schedules;

namespace Faas.Actors.Tests.Schedules;

/// <summary>Schedules for tests.</summary>
internal static class ScheduleExample
{
    public static SchedulesOptions Options { get; } = new(Enabled: true, Count: 1000, Grace: TimeSpan.FromSeconds(10), MostMissed: 3);

    public static Schedule EveryMinute(string name = "report") => new()
    {
        Name = name,
        Path = "math/add",
        Cron = "* * * * *",
        TimeZone = "UTC",
        Priority = 5,
        Enabled = true,
        Overlap = OverlapRule.Queue,
        Missed = MissedRule.Skip,
        CreatedAt = DateTimeOffset.UnixEpoch,
        UpdatedAt = DateTimeOffset.UnixEpoch,
    };

    /// <summary>One that has every member.</summary>
    public static Schedule Whole { get; } = EveryMinute() with { Version = "stable", Key = "ci", Caller = "key ci" };
}
