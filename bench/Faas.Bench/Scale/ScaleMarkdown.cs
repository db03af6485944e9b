using System.Globalization;
using Faas.Bench.Load;
using Faas.Bench.Reports;
using Faas.Bench.Rounds;
using Faas.Bench.Ways;

namespace Faas.Bench.Scale;

/// <summary>A run as Markdown: the targets of issue 4 for scale beside what was measured, then what they rest on.</summary>
internal static class ScaleMarkdown
{
    private const double MostCost = 1.2;
    private const long MostBytes = 50_000;
    private const int MostRecovery = 100;

    public static string Whole(ScaleReport report) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        # Scale: {report.Conditions.Begun:yyyy-MM-dd}

        What each line means: [docs/benchmarks.md](../../docs/benchmarks.md).

        {report.Conditions}
        {Ratio.TableOf(Ratios(report))}
        {Errors(report)}## Calls on a filled and on an empty store

        {Told(report.Filling)} {Told(report.Starts)}

        {Calls(report)}
        {Told(report.List)}

        ## The first look-up after a start

        {Recoveries(report)}
        ## Clients that wait

        {Told(report.Waiting)}

        """);

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
            LessIsBetter: true, Share: MostCost).Judge();
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
            LessIsBetter: true, Share: MostCost).Judge();
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
            LessIsBetter: true, Limit: MostRecovery).Judge();
    }

    private static Ratio Waited(Waiting waiting) => new(
        $"{Figures.Count(waiting.Clients)} clients that wait: memory each",
        $"{Figures.Three(waiting.BytesEach / 1000.0)} KB",
        Figures.None,
        Figures.None,
        "< 50 KB",
        waiting.BytesEach < MostBytes && waiting.Served + waiting.Refused == waiting.Clients);

    private static string Told(Filling store) =>
        $"{Figures.Count(store.Scripts)} scripts of {Figures.Count(store.Versions)} versions, "
        + $"written in {store.Took.TotalSeconds:0} s, {Figures.Mebibytes(store.FileBytes)} MiB on the disk.";

    private static string Told((StartTimes Filled, StartTimes Empty) starts) =>
        $"The server on it was ready after {Figures.Milliseconds(starts.Filled.Ready)} ms, "
        + $"on an empty one after {Figures.Milliseconds(starts.Empty.Ready)} ms.";

    private static string Told(ListTimes list) =>
        $"The list of {Figures.Count(list.Scripts)} took {Figures.Milliseconds(list.Took)} ms, "
        + $"of {Figures.Count(list.FewScripts)} {Figures.Milliseconds(list.FewTook)} ms.";

    private static string Told(Waiting waiting) =>
        $"The server had {Figures.Mebibytes(waiting.Before)} MiB without and {Figures.Mebibytes(waiting.During)} MiB "
        + $"with {Figures.Count(waiting.Clients)} clients in its queue. {waiting.Served:#,0} were then served and "
        + $"{waiting.Refused:#,0} refused, the last {waiting.Took.TotalSeconds:0.0} s after the one sandbox was let go.";

    private static string Errors(ScaleReport report) => string.Concat(Cells(report)
        .Where(of => of.Cell.Errors > 0)
        .Select(of => $"Errors: {of.What}, {of.Cell.Way}: {of.Cell.Errors}, the first: {of.Cell.FirstError}\n\n"));

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
