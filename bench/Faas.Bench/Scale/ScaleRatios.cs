using System.Globalization;
using Faas.Bench.Launches;
using Faas.Bench.Reports;

namespace Faas.Bench.Scale;

/// <summary>The targets of issue 4 for scale, beside what was measured.</summary>
internal static class ScaleRatios
{
    private const double CostTarget = 1.2;
    private const long BytesTarget = 50_000;
    private static readonly TimeSpan s_recoveryTarget = TimeSpan.FromMilliseconds(100);

    /// <summary>One line a target.</summary>
    public static IReadOnlyList<Ratio> Of(ScaleReport report) =>
    [
        .. report.Calls.Select(Call),
        List(report.List),
        .. report.Recoveries.Where(recovery => recovery.Versions > 1).Select(recovery => Recovered(recovery, report.Recoveries[0])),
        Waited(report.Waiting),
    ];

    private static Ratio Call(SideBySide call)
    {
        var (filled, empty) = (call.Filled.Closed.Percentile(0.5), call.Empty.Closed.Percentile(0.5));
        var times = filled / empty;
        return new Ratio(
            $"{call.What}: p50",
            $"{Figures.Milliseconds(filled)} ms",
            $"{Figures.Milliseconds(empty)} ms, {call.Empty.Way}",
            times is { } known ? $"{Figures.Three(known)} of it" : Figures.None,
            Target,
            times <= CostTarget && call.Filled.Errors + call.Empty.Errors == 0);
    }

    private static Ratio List(ListTimes list)
    {
        var (many, few) = (list.Took.TotalMicroseconds / list.Scripts, list.FewTook.TotalMicroseconds / list.FewScripts);
        return new Ratio(
            string.Create(CultureInfo.InvariantCulture, $"list of {list.Scripts:#,0} scripts: each"),
            $"{Figures.Three(many)} µs",
            string.Create(CultureInfo.InvariantCulture, $"{Figures.Three(few)} µs, list of {list.FewScripts:#,0}"),
            $"{Figures.Three(many / few)} of it",
            Target,
            many / few <= CostTarget);
    }

    private static Ratio Recovered(Recovery recovery, Recovery one)
    {
        var (took, beside) = (Medians.Of(recovery.Times), Medians.Of(one.Times));
        return new Ratio(
            string.Create(CultureInfo.InvariantCulture, $"first look-up after a start, {recovery.Versions:#,0} versions"),
            $"{Figures.Milliseconds(took)} ms",
            $"{Figures.Milliseconds(beside)} ms, one version",
            $"{Figures.Three(took / beside)} of it",
            $"< {Figures.Milliseconds(s_recoveryTarget)} ms",
            took < s_recoveryTarget);
    }

    private static Ratio Waited(Waiting waiting) => new(
        string.Create(CultureInfo.InvariantCulture, $"{waiting.Clients:#,0} clients that wait: memory each"),
        $"{Figures.Three(waiting.BytesEach / 1000.0)} KB",
        Figures.None,
        Figures.None,
        "< 50 KB",
        waiting.BytesEach < BytesTarget && waiting.Served + waiting.Refused == waiting.Clients);

    private static string Target => string.Create(CultureInfo.InvariantCulture, $"≤ {CostTarget:0.0} of it");
}
