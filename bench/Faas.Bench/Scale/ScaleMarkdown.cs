using System.Globalization;
using Faas.Bench.Load;
using Faas.Bench.Reports;
using Faas.Bench.Rounds;

namespace Faas.Bench.Scale;

/// <summary>A run as Markdown: the targets of issue 4 for scale beside what was measured, then what they rest on.</summary>
internal static class ScaleMarkdown
{
    private const double MostCost = 1.2;
    private const long MostBytes = 50_000;
    private const int MostRecovery = 100;

    /// <summary>All of it.</summary>
    public static string Whole(ScaleReport report) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        # Scale: {report.Conditions.Begun:yyyy-MM-dd}

        What each line means: [docs/benchmarks.md](../../docs/benchmarks.md).

        {report.Conditions}
        {Ratio.TableOf(Ratios(report))}
        {Errors(report)}## Calls on a filled and on an empty store

        {report.Filling.Scripts:#,0} scripts of {report.Filling.Versions:#,0} versions, written in {report.Filling.Took.TotalSeconds:0} s, {Figures.Mebibytes(report.Filling.FileBytes)} MiB on the disk. The server on it was ready after {Figures.Milliseconds(report.Starts.Filled.Ready)} ms, on an empty one after {Figures.Milliseconds(report.Starts.Empty.Ready)} ms.

        {Calls(report)}
        The list of {report.List.Scripts:#,0} took {Figures.Milliseconds(report.List.Took)} ms, of {report.List.FewScripts:#,0} {Figures.Milliseconds(report.List.FewTook)} ms.

        ## The first look-up after a start

        {Recoveries(report)}
        ## Clients that wait

        The server had {Figures.Mebibytes(report.Waiting.Before)} MiB without and {Figures.Mebibytes(report.Waiting.During)} MiB with {report.Waiting.Clients:#,0} clients in its queue. {report.Waiting.Served:#,0} were then served and {report.Waiting.Refused:#,0} refused, the last {report.Waiting.Took.TotalSeconds:0.0} s after the one sandbox was let go.

        """);

    /// <summary>One line for each target.</summary>
    public static IReadOnlyList<Ratio> Ratios(ScaleReport report) =>
    [
        .. report.Calls.Select(Call),
        List(report.List),
        .. report.Recoveries.Where(recovery => recovery.Versions > 1).Select(recovery => Recovered(recovery, report.Recoveries[0])),
        Waited(report.Waiting),
    ];

    private static Ratio Call(SideBySide call)
    {
        var (filled, empty) = (call.Filled.Closed.Percentile(0.5), call.Empty.Closed.Percentile(0.5));
        var ratio = new Comparison(
            $"{call.What}: p50",
            filled?.TotalMilliseconds ?? double.NaN,
            " ms",
            empty?.TotalMilliseconds ?? double.NaN,
            $"{Figures.Milliseconds(empty)} ms, {call.Empty.Way}",
            LessIsBetter: true) { Share = MostCost }.Judge();
        return ratio with { Met = ratio.Met && call.Filled.Errors + call.Empty.Errors == 0 };
    }

    private static Ratio List(ListTimes list)
    {
        var (many, few) = (list.Took.TotalMicroseconds / list.Scripts, list.FewTook.TotalMicroseconds / list.FewScripts);
        return new Comparison(
            $"list of {Figures.Count(list.Scripts)} scripts: each",
            many,
            " µs",
            few,
            $"{Figures.Three(few)} µs, list of {Figures.Count(list.FewScripts)}",
            LessIsBetter: true) { Share = MostCost }.Judge();
    }

    private static Ratio Recovered(Recovery recovery, Recovery one)
    {
        var (took, beside) = (Durations.MedianOf(recovery.Times), Durations.MedianOf(one.Times));
        return new Comparison(
            $"first look-up after a start, {Figures.Count(recovery.Versions)} versions",
            took.TotalMilliseconds,
            " ms",
            beside.TotalMilliseconds,
            $"{Figures.Milliseconds(beside)} ms, one version",
            LessIsBetter: true) { Limit = MostRecovery, IsToldAsShare = true }.Judge();
    }

    private static Ratio Waited(Waiting waiting) => new(
        $"{Figures.Count(waiting.Clients)} clients that wait: memory each",
        $"{Figures.Three(waiting.BytesEach / 1000.0)} KB",
        Figures.None,
        Figures.None,
        "< 50 KB",
        waiting.BytesEach < MostBytes && waiting.Served + waiting.Refused == waiting.Clients);

    private static string Errors(ScaleReport report) => string.Concat(Cells(report)
        .Where(of => of.Cell.Errors > 0)
        .Select(of => $"Errors: {of.What}, {of.Cell.Way}: {of.Cell.Errors.ToString(CultureInfo.InvariantCulture)}, the first: {of.Cell.FirstError}\n\n"));

    private static MarkdownTable Calls(ScaleReport report) => MarkdownTable.Of(
        Cells(report),
        ("", of => of.What),
        ("store", of => of.Cell.Way),
        ("p50 ms", of => Figures.Milliseconds(of.Cell.Closed.Percentile(0.5))),
        ("p90 ms", of => Figures.Milliseconds(of.Cell.Closed.Percentile(0.9))),
        ("p99 ms", of => Figures.Milliseconds(of.Cell.Closed.Percentile(0.99))),
        ("CPU ms/call", of => Figures.Milliseconds(of.Cell.CpuPerCall)),
        ("calls", of => Figures.Count(of.Cell.Closed.Count)),
        ("peak MiB", of => Figures.Mebibytes(of.Cell.PeakBytes)));

    private static MarkdownTable Recoveries(ScaleReport report) => MarkdownTable.Of(
        report.Recoveries,
        ("versions", recovery => Figures.Count(recovery.Versions)),
        ("each start, ms", recovery => string.Join(", ", recovery.Times.Select(time => Figures.Milliseconds(time)))));

    private static IEnumerable<(string What, Cell Cell)> Cells(ScaleReport report) =>
        report.Calls.SelectMany(call => ((string, Cell)[])[(call.What, call.Filled), (call.What, call.Empty)]);
}
