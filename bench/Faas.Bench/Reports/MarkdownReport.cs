using System.Globalization;
using System.Text;
using Faas.Actors.Json;
using Faas.Bench.Launches;
using Faas.Bench.Load;
using Faas.Bench.Rounds;

namespace Faas.Bench.Reports;

/// <summary>A run as Markdown: the ratios, then, in a full one, every table.</summary>
internal static class MarkdownReport
{
    public static string Ratios(BenchReport report) => $"""
        {report.Conditions}Sandboxes are started by {report.Launch}.
        {string.Join('\n', report.LeftOut)}

        {Ratio.TableOf(RatiosOf(report))}
        {Errors(report)}
        """;

    /// <summary>Everything.</summary>
    /// <param name="report">The run.</param>
    /// <param name="plot">The plot's file name.</param>
    public static string Whole(BenchReport report, string plot)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# Warm speed, measured side by side: {report.Conditions.Begun:yyyy-MM-dd}\n\n");
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
        if (report.Warm is { } warm)
        {
            text.Append("\n## Warm sandboxes\n\n").Append(OwnTables.Warm(warm));
        }

        text.Append("\n## The start of a sandbox\n\n").Append(OwnTables.Launches(report.Launches));
        text.Append("\n## The server by itself\n\n").Append(OwnTables.Server(report));
        return text.ToString();
    }

    private static IEnumerable<Ratio> RatiosOf(BenchReport report)
    {
        var ratios = Reports.Ratios.Of(report.Cells, report.Floods);
        if (report.Starts.Count > 0)
        {
            var start = Durations.MedianOf(report.Starts.Select(start => start.Listening)).TotalSeconds;
            const string What = "start of the server until it listens, median";
            ratios = [.. ratios, new Ratio(What, $"{Figures.Three(start)} s", Figures.None, Figures.None, "< 2 s", start < 2)];
        }

        return ratios.Concat(report.Launches.Select(LaunchOf));
    }

    private static Ratio LaunchOf(LaunchTimes launch)
    {
        var start = launch.Start;
        var plus = start.Overhead > TimeSpan.Zero ? "+" : "";
        return new Ratio(
            $"hardening: the start of a sandbox {launch.Kind}",
            $"{Figures.Milliseconds(start.Ours)} ms",
            $"plain bwrap {Figures.Milliseconds(start.Plain)} ms",
            $"{plus}{Figures.Milliseconds(start.Overhead)} ms",
            launch.IsFork ? "< plain bwrap" : "< +5 ms",
            start.Overhead < TimeSpan.FromMilliseconds(launch.IsFork ? 0 : 5));
    }

    private static string Errors(BenchReport report)
    {
        var failed = report.Cells.Concat(report.Floods).Where(cell => cell.Errors > 0).ToList();
        return failed.Count == 0
            ? "No call failed.\n"
            : string.Concat(failed.Select(cell =>
                $"- {cell.Errors} calls failed: {cell.Way}, {cell.Workload.Name}, {cell.Callers} at once: {cell.FirstError}\n"));
    }

    private static MarkdownTable CellTable(IEnumerable<Cell> cells) => MarkdownTable.Of(
        cells,
        [
            ("language", cell => cell.Workload.Language.ToWire()),
            ("at once", cell => cell.Callers.ToString(CultureInfo.InvariantCulture)),
            ("way", cell => cell.Way),
            ("calls/s", cell => Figures.Three(cell.PerSecond)),
            ("worst–best of rounds", cell => $"{Figures.Three(cell.Spread.Low)}–{Figures.Three(cell.Spread.High)} of {cell.Rounds}"),
            .. LatencyColumns(cell => cell.Closed),
            ("open loop, calls/s", cell => cell.OpenRate > 0 ? Figures.Three(cell.OpenRate) : Figures.None),
            .. LatencyColumns(cell => cell.Open),
            ("CPU ms/call", cell => Figures.Milliseconds(cell.CpuPerCall)),
            ("peak MiB", cell => Figures.Mebibytes(cell.PeakBytes)),
            ("errors", cell => cell.Errors.ToString(CultureInfo.InvariantCulture)),
        ]);

    private static (string, Func<Cell, string>)[] LatencyColumns(Func<Cell, Durations> loop) =>
    [
        ("calls", cell => Figures.Count(loop(cell).Count)),
        ("p50 ms", cell => Figures.Milliseconds(loop(cell).Percentile(0.5))),
        ("p90", cell => Figures.Milliseconds(loop(cell).Percentile(0.9))),
        ("p99", cell => Figures.Milliseconds(loop(cell).Percentile(0.99))),
        ("p99.9", cell => Figures.Milliseconds(loop(cell).Percentile(0.999))),
    ];

    private static MarkdownTable StreamTable(IReadOnlyList<Cell> floods) => MarkdownTable.Of(
        floods.Where(flood => flood.Closed.Count > 0),
        ("language", cell => cell.Workload.Language.ToWire()),
        ("line", cell => $"{cell.Workload.Printed!.Bytes / cell.Workload.Printed.Lines} bytes"),
        ("lines", cell => Figures.Count(cell.Workload.Printed!.Lines)),
        ("way", cell => cell.Way),
        ("MB/s", cell => Figures.Three(cell.MegabytesPerSecond)),
        ("lines/s", cell => Figures.Three(cell.LinesPerSecond)),
        ("CPU s/stream", cell => Figures.Three(cell.CpuPerCall.TotalSeconds)),
        ("errors", cell => cell.Errors.ToString(CultureInfo.InvariantCulture)));
}
