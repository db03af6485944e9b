using System.Globalization;
using Faas.Actors.Json;
using Faas.Actors.Scripts;
using Faas.Bench.Rounds;
using Faas.Bench.Ways;
using Faas.Bench.Workloads;

namespace Faas.Bench.Reports;

/// <summary>The targets of issue 4, each beside what this run has measured. What was not measured has no line.</summary>
internal sealed class Ratios(IReadOnlyList<Cell> cells)
{
    private readonly Results _results = new(cells);

    public static IReadOnlyList<Ratio> Of(IReadOnlyList<Cell> cells, IReadOnlyList<Cell> floods)
    {
        var of = new Ratios(cells);
        IEnumerable<Comparison?> comparisons =
        [
            .. Each(language => of.Latency(WayNames.Process, language, WayNames.Cold, limit: 1, times: Pick(language, 40, 300, 20))),
            .. Each(language => of.Throughput(WayNames.Process, language, WayNames.Cold, limit: 700, times: Pick(language, 20, 200, 12))),
            .. Each(language => of.Latency(WayNames.Shared, language, WayNames.Cold, limit: 0.3)),
            .. Each(language => of.Throughput(WayNames.Shared, language, WayNames.Cold, limit: 10_000)),
            of.Latency(WayNames.Shared, Language.JavaScript, WayNames.Framework, times: 1),
            of.Throughput(WayNames.Shared, Language.JavaScript, WayNames.Framework, times: 2.5),
            .. Each(language => of.Latency(WayNames.Sandbox, language, WayNames.Cold, limit: 4, isOpen: true)),
            .. Each(language => of.Throughput(WayNames.Sandbox, language, WayNames.Cold, times: Pick(language, 2, 20, 2))),
            .. Each(language => of.Latency(WayNames.Process, language, WayNames.Floor, share: 1.3)),
            .. Each(language => of.Throughput(WayNames.Process, language, WayNames.Floor, share: 0.8)),
            .. floods.Where(flood => flood.Way == WayNames.Process && flood.Closed.Count > 0).Select(flood => Stream(flood, floods)),
            .. Each(of.Imports),
        ];
        return [.. comparisons.OfType<Comparison>().Select(comparison => comparison.Judge())];
    }

    private static double Pick(Language language, double javaScript, double typeScript, double python) => language switch
    {
        Language.JavaScript => javaScript,
        Language.TypeScript => typeScript,
        _ => python,
    };

    private static IEnumerable<Comparison?> Each(Func<Language, Comparison?> compare) => Cases.Languages.Select(compare);

    // The open loop's median stands for "a spare at hand": the calls are far enough apart for the pool to make the next one.
    // What it is compared with has no spares, so that its closed loop tells the same.
    private Comparison? Latency(
        string way, Language language, string beside, double? limit = null, double? times = null, double? share = null, bool isOpen = false)
    {
        var ours = _results.Hello(way, language, 1);
        return Compare(
            $"{way}, {language.ToWire()}: p50, 1 at once{(isOpen ? ", spare at hand" : "")}",
            isOpen ? ours?.Open.Percentile(0.5) : ours?.Closed.Percentile(0.5),
            beside,
            _results.Hello(beside, language, 1)?.Closed.Percentile(0.5)) is { } compared
            ? compared with { Limit = limit, Times = times, Share = share }
            : null;
    }

    private Comparison? Imports(Language language) => Compare(
        $"{WayNames.Process}, {language.ToWire()}: p50 of {Cases.Modules}, 1 at once",
        _results.Find(WayNames.Process, Cases.Modules, language, 1)?.Closed.Percentile(0.5),
        Cases.Hello,
        _results.Hello(WayNames.Process, language, 1)?.Closed.Percentile(0.5)) is { } compared
        ? compared with { Share = 1.1 }
        : null;

    private static Comparison? Compare(string what, TimeSpan? our, string beside, TimeSpan? their) =>
        our?.TotalMilliseconds is { } ours && their?.TotalMilliseconds is { } theirs
            ? new Comparison(what, ours, " ms", theirs, $"{beside} {Figures.Three(theirs)} ms", LessIsBetter: true)
            : null;

    private Comparison? Throughput(
        string way, Language language, string beside, double? limit = null, double? times = null, double? share = null) =>
        _results.Hello(way, language, 8) is { } ours && _results.Hello(beside, language, 8) is { } theirs
            ? new Comparison(
                $"{way}, {language.ToWire()}: calls/s, 8 at once",
                ours.PerSecond,
                "",
                theirs.PerSecond,
                $"{beside} {Figures.Three(theirs.PerSecond)}{Fewer(theirs)}",
                LessIsBetter: false, Limit: limit, Times: times, Share: share, Note: Fewer(ours))
            : null;

    private static Comparison Stream(Cell ours, IReadOnlyList<Cell> floods)
    {
        var isLong = ours.Workload.Printed!.Lines * Cases.LongLine <= ours.Workload.Printed.Bytes;
        var floor = floods.FirstOrDefault(flood =>
            flood.Way == WayNames.Floor && flood.Workload == ours.Workload && flood.Closed.Count > 0);
        var theirs = isLong ? floor?.MegabytesPerSecond : floor?.LinesPerSecond;
        return new Comparison(
            $"{WayNames.Process}, {ours.Workload.Language.ToWire()}: one stream of {(isLong ? "long" : "short")} lines",
            isLong ? ours.MegabytesPerSecond : ours.LinesPerSecond,
            isLong ? " MB/s" : " lines/s",
            theirs,
            theirs is { } figure ? $"{WayNames.Floor} {Figures.Three(figure)}" : Figures.None,
            LessIsBetter: false, Limit: isLong ? 100 : 200_000, IsToldAsShare: true);
    }

    private static string Fewer(Cell cell) =>
        cell.Present == cell.Callers ? "" : string.Create(CultureInfo.InvariantCulture, $" by {cell.Present}");
}
