using Faas.Cli.Output;
using Faas.Client;

namespace Faas.Cli.Commands.Schedules;

/// <summary>A schedule for a person.</summary>
internal static class ScheduleText
{
    /// <summary>Its row in a list.</summary>
    public static string[] Row(Schedule schedule) =>
    [
        schedule.Name,
        schedule.Path,
        schedule.Cron,
        schedule.TimeZone,
        schedule.Enabled ? MomentOf(schedule.Next) ?? "" : "disabled",
        MomentOf(schedule.Last?.At) ?? "",
    ];

    /// <summary>Its members that have a value.</summary>
    public static IEnumerable<(string Name, string Value)> Details(Schedule schedule) => new (string Name, string? Value)[]
    {
        ("schedule", schedule.Name),
        ("script", schedule.Version is { } version ? $"{schedule.Path}@{version}" : schedule.Path),
        ("cron", schedule.Cron),
        ("time zone", schedule.TimeZone),
        ("enabled", schedule.Enabled ? "yes" : "no"),
        ("overlap", schedule.Overlap),
        ("missed", schedule.Missed),
        ("priority", Figures.Count(schedule.Priority)),
        ("input", schedule.Input?.GetRawText()),
        ("key", schedule.Key),
        ("next", MomentOf(schedule.Next)),
        ("last", MomentOf(schedule.Last?.At)),
        ("last run", schedule.Last?.Run),
        ("state", schedule.Last?.State),
        ("reason", schedule.Last?.Reason),
        ("detail", schedule.Last?.Detail),
        ("skipped at", MomentOf(schedule.SkippedAt)),
        ("counts", CountsOf(schedule.Counts)),
    }.Where(member => member.Value is not null).Select(member => (member.Name, member.Value!));

    private static string CountsOf(FireCounts counts) =>
        $"{Figures.Count(counts.Runs)} runs, {Figures.Count(counts.Skipped)} skipped, {Figures.Count(counts.Missed)} missed, "
        + $"{Figures.Count(counts.Failed)} failed";

    private static string? MomentOf(DateTimeOffset? at) => at is { } time ? Figures.Moment(time) : null;
}
