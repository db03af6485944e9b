using System.Text.Json.Nodes;
using Faas.Cli.Output;
using Faas.Client;

namespace Faas.Cli.Commands.Pool;

/// <summary>
/// What each script has of the pool now: its runs, its sandboxes and their memory. The script with the most runs comes first. Pure.
/// </summary>
/// <param name="Path">The script, or <c>/run-now</c>.</param>
/// <param name="Running">How many of its runs are executed.</param>
/// <param name="Waiting">How many wait.</param>
/// <param name="Longest">How long the oldest of them has waited, or run; zero: there is none.</param>
/// <param name="Sandboxes">How many sandboxes had a run of it last.</param>
/// <param name="MemoryBytes">The memory of those.</param>
internal sealed record BusyScripts(string Path, int Running, int Waiting, TimeSpan Longest, int Sandboxes, long MemoryBytes)
{
    /// <summary>Of a pool.</summary>
    public static IReadOnlyList<BusyScripts> Of(PoolSnapshot pool, DateTimeOffset now)
    {
        var runs = pool.Runs.ToLookup(run => run.Path);
        var sandboxes = pool.Sandboxes.Where(sandbox => sandbox.Path is not null).ToLookup(sandbox => sandbox.Path!);
        return
        [
            .. runs.Select(group => group.Key).Union(sandboxes.Select(group => group.Key))
                .Select(path => new BusyScripts(
                    path,
                    runs[path].Count(run => run.Sandbox is not null),
                    runs[path].Count(run => run.Sandbox is null),
                    runs[path].Select(run => now - run.Since).DefaultIfEmpty(TimeSpan.Zero).Max(),
                    sandboxes[path].Count(),
                    sandboxes[path].Sum(sandbox => sandbox.MemoryBytes)))
                .OrderByDescending(script => script.Running + script.Waiting)
                .ThenByDescending(script => script.MemoryBytes)
                .ThenBy(script => script.Path, StringComparer.Ordinal),
        ];
    }

    /// <summary>As lines for a person.</summary>
    public static IReadOnlyList<string> Lines(PoolSnapshot pool, DateTimeOffset now)
    {
        var rows = Of(pool, now).Select(script => (string[])
        [
            script.Path,
            Figures.Count(script.Running),
            Figures.Count(script.Waiting),
            script.Longest == TimeSpan.Zero ? "" : Figures.Time(script.Longest),
            Figures.Count(script.Sandboxes),
            Figures.Size(script.MemoryBytes),
        ]);
        string[] names = ["SCRIPT", "RUNNING", "WAITING", "LONGEST", "SANDBOXES", "MEMORY"];
        return [PoolTable.Counts(pool.Counts), "", .. Columns.Lines(names, [.. rows])];
    }

    /// <summary>As JSON.</summary>
    public static JsonArray Json(PoolSnapshot pool, DateTimeOffset now) =>
    [
        .. Of(pool, now).Select(script => (JsonNode)new JsonObject
        {
            ["path"] = script.Path,
            ["running"] = script.Running,
            ["waiting"] = script.Waiting,
            ["longestSeconds"] = Math.Round(script.Longest.TotalSeconds, 3),
            ["sandboxes"] = script.Sandboxes,
            ["memoryBytes"] = script.MemoryBytes,
        }),
    ];
}
