using Faas.Actors.Scripts;
using Faas.Bench.Limits;
using Faas.Bench.Rounds;
using Faas.Bench.Ways;

namespace Faas.Bench.Reports;

/// <summary>The machine's own limits, each beside the figure that a target compares with. No server does better here.</summary>
internal static class LimitsTable
{
    /// <summary>All of them, with those ratios that this run's cells allow.</summary>
    public static MarkdownTable Of(MachineLimits limits, IReadOnlyList<Cell> cells)
    {
        var results = new Results(cells);
        double? Median(string way, Language language) => results.Hello(way, language, 1)?.Closed.Percentile(0.5)?.TotalMicroseconds;

        var table = new MarkdownTable("no server can do without", "takes here", "beside", "so at best");
        void AddTime(string what, double micros, string way = "", double? theirs = null) => table.Add(
            what,
            $"{Figures.Three(micros / 1000)} ms",
            theirs is { } their ? $"{way} {Figures.Three(their / 1000)} ms" : Figures.None,
            theirs is { } beside ? $"{Figures.Three(beside / micros)}×" : Figures.None);

        AddTime("a new page of memory, written", limits.NewPage);
        AddTime("a page that a fork shares, read for the first time", limits.SharedPageRead);
        AddTime("such a page, written", limits.SharedPageWritten);
        AddTime(
            "a fresh process: the fork of a bare Python runs hello and ends",
            limits.PythonFork, WayNames.Cold, Median(WayNames.Cold, Language.Python));
        var cold = results.Hello(WayNames.Cold, Language.Python, 8)?.PerSecond;
        table.Add(
            "the same on each processor, calls/s",
            Figures.Three(limits.PythonForksASecond),
            cold is { } rate ? $"{WayNames.Cold}, 8 at once {Figures.Three(rate)}" : Figures.None,
            cold is { } theirs ? $"{Figures.Three(limits.PythonForksASecond / theirs)}×" : Figures.None);
        AddTime(
            "a fresh process: a fork of node's size writes its pages and ends, no JavaScript run",
            limits.ForkOfNodesSize, WayNames.Cold, Median(WayNames.Cold, Language.JavaScript));
        AddTime("another process asked, and its answer", limits.Message);
        AddTime("one behind it asked, as a shared process is", limits.RelayedMessage);
        if (Median(WayNames.Health, Language.JavaScript) is { } request)
        {
            AddTime(
                $"the same, and a request of HTTP ({WayNames.Health})",
                limits.RelayedMessage + request, WayNames.Framework, Median(WayNames.Framework, Language.JavaScript));
        }

        return table;
    }
}
