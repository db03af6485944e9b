using System.Globalization;
using Faas.Bench.Reports;
using Faas.Bench.Rounds;

namespace Faas.Bench.Scale;

/// <summary>A run as Markdown: the ratios, then what they rest on.</summary>
internal static class ScaleMarkdown
{
    /// <summary>All of it.</summary>
    public static string Whole(ScaleReport report) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        # Scale: {report.Begun:yyyy-MM-dd}

        What each line means: [docs/benchmarks.md](../../docs/benchmarks.md).

        Commit {report.Machine.Commit}; {report.Machine.Processors}, {report.Machine.MemoryBytes / (double)(1L << 30):0.0} GiB, Linux {report.Machine.Kernel}; {report.Begun:yyyy-MM-dd HH:mm zzz}, {report.Took.TotalSeconds:0} s.
        Load average before: {report.Machine.LoadBefore}; after, the run's own load included: {report.LoadAfter}.

        {Ratios(report)}
        {Errors(report)}## Calls on a filled and on an empty store

        {report.Filling.Scripts:#,0} scripts of {report.Filling.Versions:#,0} versions, written in {report.Filling.Took.TotalSeconds:0} s, {Figures.Mebibytes(report.Filling.FileBytes)} MiB on the disk. The server on it was ready after {Figures.Milliseconds(report.Starts.Filled.Ready)} ms, on an empty one after {Figures.Milliseconds(report.Starts.Empty.Ready)} ms.

        {Calls(report)}
        The list of {report.List.Scripts:#,0} took {Figures.Milliseconds(report.List.Took)} ms, of {report.List.FewScripts:#,0} {Figures.Milliseconds(report.List.FewTook)} ms.

        ## The first look-up after a start

        {Recoveries(report)}
        ## Clients that wait

        The server had {Figures.Mebibytes(report.Waiting.Before)} MiB without and {Figures.Mebibytes(report.Waiting.During)} MiB with {report.Waiting.Clients:#,0} clients in its queue. {report.Waiting.Served:#,0} were then served and {report.Waiting.Refused:#,0} refused, the last {report.Waiting.Took.TotalSeconds:0.0} s after the one sandbox was let go.

        """);

    private static MarkdownTable Ratios(ScaleReport report)
    {
        var table = new MarkdownTable("", "measured", "beside", "ratio", "target", "met");
        foreach (var ratio in ScaleRatios.Of(report))
        {
            table.Add(ratio.What, ratio.Ours, ratio.Beside, ratio.Times, ratio.Target, ratio.Met ? "yes" : "no");
        }

        return table;
    }

    private static string Errors(ScaleReport report) => string.Concat(Cells(report)
        .Where(of => of.Cell.Errors > 0)
        .Select(of => $"Errors: {of.What}, {of.Cell.Way}: {of.Cell.Errors.ToString(CultureInfo.InvariantCulture)}, the first: {of.Cell.FirstError}\n\n"));

    private static MarkdownTable Calls(ScaleReport report)
    {
        var table = new MarkdownTable("", "store", "p50 ms", "p90 ms", "p99 ms", "CPU ms/call", "calls", "peak MiB");
        foreach (var (what, cell) in Cells(report))
        {
            table.Add(
                what,
                cell.Way,
                Figures.Milliseconds(cell.Closed.Percentile(0.5)),
                Figures.Milliseconds(cell.Closed.Percentile(0.9)),
                Figures.Milliseconds(cell.Closed.Percentile(0.99)),
                Figures.Milliseconds(cell.CpuPerCall),
                cell.Closed.Count.ToString("#,0", CultureInfo.InvariantCulture),
                Figures.Mebibytes(cell.PeakBytes));
        }

        return table;
    }

    private static MarkdownTable Recoveries(ScaleReport report)
    {
        var table = new MarkdownTable("versions", "each start, ms");
        foreach (var recovery in report.Recoveries)
        {
            table.Add(recovery.Versions.ToString("#,0", CultureInfo.InvariantCulture), string.Join(", ", recovery.Times.Select(time => Figures.Milliseconds(time))));
        }

        return table;
    }

    private static IEnumerable<(string What, Cell Cell)> Cells(ScaleReport report) =>
        report.Calls.SelectMany(call => ((string, Cell)[])[(call.What, call.Filled), (call.What, call.Empty)]);
}
