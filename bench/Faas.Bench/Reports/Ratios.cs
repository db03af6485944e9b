using System.Globalization;
using Faas.Actors.Json;
using Faas.Actors.Scripts;
using Faas.Bench.Load;
using Faas.Bench.Rounds;
using Faas.Bench.Ways;
using Faas.Bench.Workloads;

namespace Faas.Bench.Reports;

/// <summary>The targets, each beside what this run has measured. What was not measured has no line.</summary>
internal sealed class Ratios(IReadOnlyList<Cell> cells)
{
    private readonly Results _results = new(cells);

    public static IReadOnlyList<Ratio> Of(IReadOnlyList<Cell> cells, IReadOnlyList<Cell> floods)
    {
        var of = new Ratios(cells);
        IEnumerable<Comparison?> comparisons =
        [
            .. Each(language => of.Latency(WayNames.FreshOnDemand, language, Pick(language, 0.6, 0.1, 0.7))),
            .. Each(language => of.Rate(WayNames.Fresh, language, WayNames.Cold, Pick(language, 2.5, 15, 2))),
            .. Each(language => of.Latency(WayNames.Fresh, language, Pick(language, 0.12, 0.02, 0.15), hasSpare: true)),
            .. Each(language => of.Latency(WayNames.Many, language, 0.2, callers: 2)),
            .. Each(language => of.Rate(WayNames.Many, language, WayNames.Cold, Pick(language, 4, 25, 4))),
            .. Each(of.Uploads),
            .. Each(language => of.Latency(WayNames.Process, language, Pick(language, 0.06, 0.012, 0.09))),
            .. Each(language => of.Rate(WayNames.Process, language, WayNames.Cold, Pick(language, 13, 80, 8))),
            .. Each(language => of.Rate(WayNames.Process, language, WayNames.Floor, 0.9)),
            .. Each(of.SecondCaller),
            .. Each(of.Imports),
            .. Each(language => of.Latency(WayNames.Shared, language, share: null, limit: 0.3)),
            of.Rate(WayNames.Shared, Language.JavaScript, WayNames.Framework, 0.7),
            of.Rate(WayNames.Concurrent, Language.JavaScript, WayNames.Framework, 0.7),
            .. floods.Where(flood => flood.Way == WayNames.Process && flood.Closed.Count > 0).Select(flood => Stream(flood, floods)),
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
        string way, Language language, double? share, int callers = 1, bool hasSpare = false, double? limit = null)
    {
        var ours = _results.Hello(way, language, callers);
        return Medians(
            $"{way}, {language.ToWire()}: p50, {callers} at once{(hasSpare ? ", spare at hand" : "")}",
            hasSpare ? ours?.Open : ours?.Closed,
            WayNames.Cold,
            _results.Hello(WayNames.Cold, language, callers)?.Closed) is { } compared
            ? compared with { Share = share, Limit = limit }
            : null;
    }

    private Comparison? Imports(Language language) => Medians(
        $"{WayNames.Process}, {language.ToWire()}: p50 of {Cases.Modules}, 1 at once",
        _results.Find(WayNames.Process, Cases.Modules, language, 1)?.Closed,
        Cases.Hello,
        _results.Hello(WayNames.Process, language, 1)?.Closed) is { } compared
        ? compared with { Share = 1.1 }
        : null;

    private Comparison? Rate(string way, Language language, string beside, double share) => Rates(
        $"{way}, {language.ToWire()}: calls/s, 8 at once",
        _results.Hello(way, language, 8),
        beside,
        _results.Hello(beside, language, 8),
        share);

    private Comparison? SecondCaller(Language language) => Rates(
        $"{WayNames.Process}, {language.ToWire()}: calls/s, 2 at once",
        _results.Hello(WayNames.Process, language, 2),
        "1 at once",
        _results.Hello(WayNames.Process, language, 1),
        1);

    private Comparison? Uploads(Language language) => Rates(
        $"{WayNames.Upload}, {language.ToWire()}: uploads/s, {Schedule.Uploaders} at once",
        _results.Find(WayNames.Upload, Cases.Upload, language, Schedule.Uploaders),
        WayNames.ExecUpload,
        _results.Find(WayNames.ExecUpload, Cases.Upload, language, Schedule.Uploaders),
        4);

    private static Comparison? Medians(string what, Durations? our, string beside, Durations? their) =>
        our?.Percentile(0.5)?.TotalMilliseconds is { } ours && their?.Percentile(0.5)?.TotalMilliseconds is { } theirs
            ? new Comparison(what, ours, " ms", theirs, $"{beside} {Figures.Three(theirs)} ms", LessIsBetter: true)
            : null;

    private static Comparison? Rates(string what, Cell? ours, string beside, Cell? theirs, double share) =>
        ours is null || theirs is null
            ? null
            : new Comparison(
                what,
                ours.PerSecond,
                "",
                theirs.PerSecond,
                $"{beside} {Figures.Three(theirs.PerSecond)}{Fewer(theirs)}",
                LessIsBetter: false, share, Note: Fewer(ours));

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
            LessIsBetter: false, Limit: isLong ? 100 : 200_000);
    }

    private static string Fewer(Cell cell) =>
        cell.Present == cell.Callers ? "" : string.Create(CultureInfo.InvariantCulture, $" by {cell.Present}");
}
