using System.Globalization;
using System.Text.Json.Nodes;
using Faas.Cli.Output;
using Faas.Client;

namespace Faas.Cli.Commands.Pool;

/// <summary>
/// What each script has of the pool now, and how its runs of the last minutes went. The script with the most runs comes first. Pure.
/// </summary>
/// <param name="Path">The script, or <c>/run-now</c>.</param>
/// <param name="Running">How many of its runs are executed.</param>
/// <param name="Waiting">How many wait.</param>
/// <param name="Longest">How long the oldest of them has waited, or run; zero: there is none.</param>
/// <param name="Sandboxes">How many sandboxes had a run of it last.</param>
/// <param name="MemoryBytes">The memory of those.</param>
/// <param name="Recent">Its runs that have ended in the last minutes; null: there are none, or the server has not said it.</param>
internal sealed record BusyScripts(
    string Path, int Running, int Waiting, TimeSpan Longest, int Sandboxes, long MemoryBytes, ScriptActivity? Recent)
{
    private static readonly string[] s_names =
        ["SCRIPT", "RUNNING", "WAITING", "LONGEST", "CALLS/S", "P50", "P95", "FAILED", "SANDBOXES", "MEMORY"];

    /// <summary>Of a pool, and of the last minutes if they are known.</summary>
    public static IReadOnlyList<BusyScripts> Of(PoolSnapshot pool, RecentActivity? activity, DateTimeOffset now)
    {
        var recent = (activity?.Scripts ?? []).ToDictionary(script => script.Path, StringComparer.Ordinal);
        var runs = pool.Runs.ToLookup(run => run.Path);
        var sandboxes = pool.Sandboxes.Where(sandbox => sandbox.Path is not null).ToLookup(sandbox => sandbox.Path!);
        return
        [
            .. runs.Select(group => group.Key).Union(sandboxes.Select(group => group.Key)).Union(recent.Keys)
                .Select(path => new BusyScripts(
                    path,
                    runs[path].Count(run => run.Sandbox is not null),
                    runs[path].Count(run => run.Sandbox is null),
                    runs[path].Select(run => now - run.Since).DefaultIfEmpty(TimeSpan.Zero).Max(),
                    sandboxes[path].Count(),
                    sandboxes[path].Sum(sandbox => sandbox.MemoryBytes),
                    recent.GetValueOrDefault(path)))
                .OrderByDescending(script => script.Running + script.Waiting)
                .ThenByDescending(script => script.Recent?.Runs ?? 0)
                .ThenByDescending(script => script.MemoryBytes)
                .ThenBy(script => script.Path, StringComparer.Ordinal),
        ];
    }

    /// <summary>As lines for a person.</summary>
    public static IReadOnlyList<string> Lines(PoolSnapshot pool, RecentActivity? activity, DateTimeOffset now)
    {
        var rows = Of(pool, activity, now).Select(script => (string[])
        [
            script.Path,
            Figures.Count(script.Running),
            Figures.Count(script.Waiting),
            script.Longest == TimeSpan.Zero ? "" : Figures.Time(script.Longest),
            script.Recent is null ? "" : script.PerSecond(activity!, now).ToString("0.##", CultureInfo.InvariantCulture),
            TimeOf(script.Recent?.P50Seconds),
            TimeOf(script.Recent?.P95Seconds),
            script.Recent is null ? "" : Figures.Count(script.Recent.Failed),
            Figures.Count(script.Sandboxes),
            Figures.Size(script.MemoryBytes),
        ]);
        return [PoolTable.Counts(pool.Counts), "", .. Columns.Lines(s_names, [.. rows])];
    }

    /// <summary>As JSON.</summary>
    public static JsonArray Json(PoolSnapshot pool, RecentActivity activity, DateTimeOffset now) =>
    [
        .. Of(pool, activity, now).Select(script => (JsonNode)new JsonObject
        {
            ["path"] = script.Path,
            ["running"] = script.Running,
            ["waiting"] = script.Waiting,
            ["longestSeconds"] = Math.Round(script.Longest.TotalSeconds, 3),
            ["callsPerSecond"] = Math.Round(script.PerSecond(activity, now), 3),
            ["p50Seconds"] = script.Recent?.P50Seconds ?? 0,
            ["p95Seconds"] = script.Recent?.P95Seconds ?? 0,
            ["failed"] = script.Recent?.Failed ?? 0,
            ["sandboxes"] = script.Sandboxes,
            ["memoryBytes"] = script.MemoryBytes,
        }),
    ];

    // The present minute is not over. The clocks of two machines may differ, so they decide within that minute alone.
    private double PerSecond(RecentActivity activity, DateTimeOffset now)
    {
        var most = activity.Buckets * 60;
        return (Recent?.Runs ?? 0) / Math.Clamp((now - activity.From).TotalSeconds, Math.Max(1, most - 60), most);
    }

    private static string TimeOf(double? seconds) => seconds is > 0 and { } some ? Figures.Time(TimeSpan.FromSeconds(some)) : "";
}
