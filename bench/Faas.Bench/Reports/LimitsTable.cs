using Faas.Actors.Scripts;
using Faas.Bench.Limits;
using Faas.Bench.Rounds;
using Faas.Bench.Ways;

namespace Faas.Bench.Reports;

/// <summary>The machine's own limits, each beside the figure that a target compares with: no server does better than these ratios here.</summary>
internal static class LimitsTable
{
    /// <summary>All of them, with those ratios that this run's cells allow.</summary>
    public static MarkdownTable Of(MachineLimits limits, IReadOnlyList<Cell> cells)
    {
        var results = new Results(cells);
        var node = Median(results, WayNames.Cold, Language.JavaScript);
        var python = Median(results, WayNames.Cold, Language.Python);
        var pythonASecond = results.Hello(WayNames.Cold, Language.Python, 8)?.PerSecond;
        var framework = Median(results, WayNames.Framework, Language.JavaScript);
        var request = Median(results, WayNames.Health, Language.JavaScript);
        var table = new MarkdownTable("no server can do without", "takes here", "beside", "so at best");
        AddTime(table, "a new page of memory, written", limits.NewPage);
        AddTime(table, "a page that a fork shares, read for the first time", limits.SharedPageRead);
        AddTime(table, "such a page, written", limits.SharedPageWritten);
        AddTime(table, "a fresh process: the fork of a bare Python runs hello and ends", limits.PythonFork, WayNames.Cold, python);
        table.Add(
            "the same on each processor, calls/s",
            Figures.Three(limits.PythonForksASecond),
            pythonASecond is { } rate ? $"{WayNames.Cold}, 8 at once {Figures.Three(rate)}" : Figures.None,
            pythonASecond is { } cold ? $"{Figures.Three(limits.PythonForksASecond / cold)}×" : Figures.None);
        AddTime(table, "a fresh process: a fork of node's size writes its pages and ends, no JavaScript run", limits.ForkOfNodesSize, WayNames.Cold, node);
        AddTime(table, "another process asked, and its answer", limits.Message);
        AddTime(table, "one behind it asked, as a shared process is", limits.RelayedMessage);
        if (request is { } http)
        {
            AddTime(table, $"the same, and a request of HTTP ({WayNames.Health})", limits.RelayedMessage + http, WayNames.Framework, framework);
        }

        return table;
    }

    private static void AddTime(MarkdownTable table, string what, TimeSpan takes, string way = "", TimeSpan? theirs = null) => table.Add(
        what,
        $"{Figures.Milliseconds(takes)} ms",
        theirs is { } their ? $"{way} {Figures.Milliseconds(their)} ms" : Figures.None,
        theirs is { } beside ? $"{Figures.Three(beside / takes)}×" : Figures.None);

    private static TimeSpan? Median(Results results, string way, Language language) => results.Hello(way, language, 1)?.Closed.Percentile(0.5);
}
