using Faas.Cli.Output;
using Faas.Client;

namespace Faas.Cli.Commands.Pool;

/// <summary>Writes the pool as lines: its numbers, its sandboxes, and the runs that wait. Pure.</summary>
internal static class PoolTable
{
    /// <summary>The lines.</summary>
    public static IReadOnlyList<string> Of(PoolSnapshot pool, DateTimeOffset now)
    {
        var sandboxes = Columns.Lines(
            ["SANDBOX", "IMAGE", "STATE", "SINCE", "MEMORY", "USES", "RUNS", "SCRIPT"],
            [
                .. pool.Sandboxes.Select(sandbox => (string[])
                [
                    sandbox.Name,
                    sandbox.Image,
                    sandbox.State,
                    Figures.Time(now - sandbox.Since),
                    Figures.Size(sandbox.MemoryBytes),
                    Figures.Count(sandbox.Uses),
                    Figures.Count(sandbox.Runs),
                    sandbox.Path is null ? "" : sandbox.Version is { } version ? $"{sandbox.Path}@{version}" : sandbox.Path,
                ]),
            ]);
        var runs = Columns.Lines(
            ["RUN", "SCRIPT", "STATE", "SINCE"],
            [
                .. pool.Runs.Select(run => (string[])
                [
                    run.Id,
                    run.Version is { } version ? $"{run.Path}@{version}" : run.Path,
                    run.Sandbox is { } sandbox ? $"{(run.Mode == "check" ? "checked" : "runs")} in {sandbox}" : "waits",
                    Figures.Time(now - run.Since),
                ]),
            ]);
        return
        [
            Counts(pool.Counts),
            .. pool.Sandboxes.Count > 0 ? sandboxes.Prepend("") : [],
            .. pool.Runs.Count > 0 ? runs.Prepend("") : [],
        ];
    }

    /// <summary>The line with the numbers.</summary>
    public static string Counts(PoolCounts counts) =>
        $"{counts.Busy} busy, {counts.Idle} idle, {counts.Spare} spare, {counts.Starting} starting; {counts.Waiting} waiting; "
        + $"{Figures.Size(counts.HeldBytes)} of {Figures.Size(counts.MemoryBytes)}";
}
