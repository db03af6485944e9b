using System.Globalization;
using Faas.Actors.Runs.Kept;

namespace Faas.Actors.Schedules;

/// <summary>Names the runs of schedules: one instant of one schedule has one id, whichever server asks, and however often.</summary>
public static class ScheduleIds
{
    /// <summary>The id of the call that an instant stands for: the schedule's name and the time in UTC.</summary>
    public static string CallOf(string name, DateTimeOffset instant) =>
        $"{name}-{instant.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}";

    /// <summary>The id of the run of an instant.</summary>
    public static string RunOf(string name, DateTimeOffset instant) => KeptIds.Of(CallOf(name, instant));
}
