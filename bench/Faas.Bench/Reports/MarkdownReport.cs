using System.Globalization;
using System.Text;
using Faas.Actors.Json;
using Faas.Bench.Launches;
using Faas.Bench.Rounds;

namespace Faas.Bench.Reports;

/// <summary>A run as Markdown: the ratios, then, in a full one, every table.</summary>
internal static class MarkdownReport
{
    /// <summary>The ratios with what they were measured on.</summary>
    public static string Ratios(BenchReport report)
    {
        var ratios = Reports.Ratios.Of(report.Cells, report.Floods);
        var table = new MarkdownTable("", "measured", "beside", "ratio", "target", "met");
        foreach (var ratio in ratios)
        {
            table.Add(ratio.What, ratio.Ours, ratio.Beside, ratio.Times, ratio.Target, ratio.Met ? "yes" : "no");
        }

        if (report.Starts.Count > 0)
        {
            var start = Medians.Of([.. report.Starts.Select(start => start.Listening)]);
            table.Add("start of the server until it listens, median", $"{Figures.Three(start.TotalSeconds)} s", Figures.None, Figures.None, "< 2 s", start.TotalSeconds < 2 ? "yes" : "no");
        }

        table.Add(
            "hardening: the start of a sandbox",
            $"{Figures.Milliseconds(report.Launches.Start.Hardened)} ms",
            $"plain bwrap {Figures.Milliseconds(report.Launches.Start.Plain)} ms",
            $"+{Figures.Milliseconds(report.Launches.Start.Overhead)} ms",
            "< +5 ms",
            report.Launches.Start.Overhead.TotalMilliseconds < 5 ? "yes" : "no");
        return $"{Where(report)}\n{table}\n{Errors(report)}";
    }

    /// <summary>Everything.</summary>
    /// <param name="report">The run.</param>
    /// <param name="plot">The plot's file name.</param>
    public static string Whole(BenchReport report, string plot)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# Warm speed, measured side by side: {report.Begun:yyyy-MM-dd}\n\n");
        text.Append("What each line means: [docs/benchmarks.md](../../docs/benchmarks.md).\n\n");
        text.Append(Ratios(report));
        if (report.Limits is { } limits)
        {
            text.Append("\n## What this machine allows\n\n").Append(LimitsTable.Of(limits, report.Cells));
        }

        text.Append(CultureInfo.InvariantCulture, $"\n![p50 and calls a second of each way]({plot})\n");
        foreach (var group in report.Cells.GroupBy(cell => cell.Workload.Case))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {group.Key}\n\n{CellTable(group)}");
        }

        text.Append("\n## One stream to one client\n\n").Append(StreamTable(report.Floods));
        text.Append("\n## The server by itself\n\n").Append(ServerTable(report));
        return text.ToString();
    }

    private static string Where(BenchReport report) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        Commit {report.Machine.Commit}; {report.Machine.Processors}, {report.Machine.MemoryBytes / (double)(1L << 30):0.0} GiB, Linux {report.Machine.Kernel}; {report.Begun:yyyy-MM-dd HH:mm zzz}, {report.Took.TotalSeconds:0} s.
        Load average before: {report.Machine.LoadBefore}; after, the run's own load included: {report.LoadAfter}.
        {string.Join('\n', report.LeftOut)}

        """);

    private static string Errors(BenchReport report)
    {
        var failed = report.Cells.Concat(report.Floods).Where(cell => cell.Errors > 0).ToList();
        return failed.Count == 0
            ? "No call failed.\n"
            : string.Concat(failed.Select(cell => $"- {cell.Errors} calls failed: {cell.Way}, {cell.Workload.Name}, {cell.Callers} at once: {cell.FirstError}\n"));
    }

    private static MarkdownTable CellTable(IEnumerable<Cell> cells)
    {
        var table = new MarkdownTable(
            "language", "at once", "way", "calls/s", "worst–best of rounds", "calls", "p50 ms", "p90", "p99", "p99.9", "open loop, calls/s", "calls", "p50 ms", "p90", "p99", "p99.9", "CPU ms/call", "peak MiB", "errors");
        foreach (var cell in cells)
        {
            table.Add(
                cell.Workload.Language.ToWire(),
                cell.Callers.ToString(CultureInfo.InvariantCulture),
                cell.Way,
                Figures.Three(cell.PerSecond),
                $"{Figures.Three(cell.Spread.Low)}–{Figures.Three(cell.Spread.High)} of {cell.Rounds}",
                Figures.Count(cell.Closed.Count),
                Figures.Milliseconds(cell.Closed.Percentile(0.5)),
                Figures.Milliseconds(cell.Closed.Percentile(0.9)),
                Figures.Milliseconds(cell.Closed.Percentile(0.99)),
                Figures.Milliseconds(cell.Closed.Percentile(0.999)),
                cell.OpenRate > 0 ? Figures.Three(cell.OpenRate) : Figures.None,
                Figures.Count(cell.Open.Count),
                Figures.Milliseconds(cell.Open.Percentile(0.5)),
                Figures.Milliseconds(cell.Open.Percentile(0.9)),
                Figures.Milliseconds(cell.Open.Percentile(0.99)),
                Figures.Milliseconds(cell.Open.Percentile(0.999)),
                Figures.Milliseconds(cell.CpuPerCall),
                Figures.Mebibytes(cell.PeakBytes),
                cell.Errors.ToString(CultureInfo.InvariantCulture));
        }

        return table;
    }

    private static MarkdownTable StreamTable(IReadOnlyList<Cell> floods)
    {
        var table = new MarkdownTable("language", "line", "lines", "way", "MB/s", "lines/s", "CPU s/stream", "errors");
        foreach (var cell in floods.Where(flood => flood.Closed.Count > 0))
        {
            var printed = cell.Workload.Printed!;
            table.Add(
                cell.Workload.Language.ToWire(),
                $"{printed.Bytes / printed.Lines} bytes",
                printed.Lines.ToString("#,0", CultureInfo.InvariantCulture),
                cell.Way,
                Figures.Three(StreamRates.Of(cell).Megabytes),
                Figures.Three(StreamRates.Of(cell).Lines),
                Figures.Three(cell.CpuPerCall.TotalSeconds),
                cell.Errors.ToString(CultureInfo.InvariantCulture));
        }

        return table;
    }

    private static MarkdownTable ServerTable(BenchReport report)
    {
        var table = new MarkdownTable("", "");
        table.Add("start until it listens", Starts(report, start => start.Listening));
        table.Add("start until /readyz says 200", Starts(report, start => start.Ready));
        table.Add("start until /run-now has answered", Starts(report, start => start.FirstCall));
        foreach (var process in report.Idle.GroupBy(process => process.Process).OrderByDescending(group => group.Sum(process => process.Bytes)))
        {
            table.Add($"idle memory: {process.Key} × {process.Count()}", $"{Figures.Mebibytes(process.Sum(one => one.Bytes))} MiB");
        }

        table.Add("idle memory: server, store and spares", $"{Figures.Mebibytes(report.Idle.Sum(process => process.Bytes))} MiB");
        AddLaunches(table, $"start of a sandbox, median of {report.Launches.Pairs}", report.Launches.Start);
        AddLaunches(table, "start and end of it, all cleared away", report.Launches.Whole);
        return table;
    }

    private static void AddLaunches(MarkdownTable table, string what, PairedTimes times)
    {
        table.Add($"{what}: plain bwrap", $"{Figures.Milliseconds(times.Plain)} ms");
        table.Add($"{what}: by the server's launch line, cgroup included", $"{Figures.Milliseconds(times.Hardened)} ms");
        table.Add($"{what}: median of the differences", $"{Figures.Milliseconds(times.Overhead)} ms");
    }

    private static string Starts(BenchReport report, Func<Ways.StartTimes, TimeSpan> part) =>
        string.Join(", ", report.Starts.Select(start => string.Create(CultureInfo.InvariantCulture, $"{part(start).TotalMilliseconds:0}"))) + " ms";
}
