using System.Globalization;
using Faas.Actors.Json;
using Faas.Actors.Scripts;
using Faas.Bench.Rounds;
using Faas.Bench.Ways;
using Faas.Bench.Workloads;

namespace Faas.Bench.Reports;

/// <summary>The targets of issue 4, each beside what this run has measured. What was not measured has no line.</summary>
internal sealed class Ratios
{
    private static readonly Language[] s_languages = [Language.JavaScript, Language.TypeScript, Language.Python];
    private readonly Results _results;
    private readonly List<Ratio> _lines = [];

    private Ratios(IReadOnlyList<Cell> cells) => _results = new Results(cells);

    /// <summary>One line for each target that can be judged.</summary>
    public static IReadOnlyList<Ratio> Of(IReadOnlyList<Cell> cells, IReadOnlyList<Cell> floods)
    {
        var ratios = new Ratios(cells);
        Each(language => ratios.Latency(WayNames.Process, language, WayNames.Cold, mostMilliseconds: 1.0, leastTimes: Pick(language, 40, 300, 20)));
        Each(language => ratios.Throughput(WayNames.Process, language, WayNames.Cold, leastPerSecond: 700, leastTimes: Pick(language, 20, 200, 12)));
        Each(language => ratios.Latency(WayNames.Shared, language, WayNames.Cold, mostMilliseconds: 0.3));
        Each(language => ratios.Throughput(WayNames.Shared, language, WayNames.Cold, leastPerSecond: 10_000));
        ratios.Latency(WayNames.Shared, Language.JavaScript, WayNames.Framework, leastTimes: 1);
        ratios.Throughput(WayNames.Shared, Language.JavaScript, WayNames.Framework, leastTimes: 2.5);
        Each(language => ratios.Latency(WayNames.Sandbox, language, WayNames.Cold, mostMilliseconds: 4, isOpen: true));
        Each(language => ratios.Throughput(WayNames.Sandbox, language, WayNames.Cold, leastTimes: Pick(language, 2, 20, 2)));
        Each(language => ratios.Latency(WayNames.Process, language, WayNames.Floor, leastTimes: 1 / 1.3));
        Each(language => ratios.Throughput(WayNames.Process, language, WayNames.Floor, leastTimes: 0.8));
        ratios.Streams(floods);
        Each(ratios.Imports);
        return ratios._lines;
    }

    private static double Pick(Language language, double javaScript, double typeScript, double python) => language switch
    {
        Language.JavaScript => javaScript,
        Language.TypeScript => typeScript,
        _ => python,
    };

    private static void Each(Action<Language> line) => Array.ForEach(s_languages, line);

    // The open loop's median stands for "a spare at hand": the calls are far enough apart for the pool to make the next one.
    // What it is compared with has no spares, so that its closed loop tells the same.
    private void Latency(string way, Language language, string beside, double? mostMilliseconds = null, double? leastTimes = null, bool isOpen = false)
    {
        if (_results.Hello(way, language, 1) is not { } ours || _results.Hello(beside, language, 1) is not { } theirs
            || (isOpen ? ours.Open : ours.Closed).Percentile(0.5) is not { } our || theirs.Closed.Percentile(0.5) is not { } their)
        {
            return;
        }

        var times = their / our;
        var isFloor = beside == WayNames.Floor;
        Add(
            $"{way}, {language.ToWire()}: p50, 1 at once{(isOpen ? ", spare at hand" : "")}",
            $"{Figures.Milliseconds(our)} ms",
            $"{beside} {Figures.Milliseconds(their)} ms",
            isFloor ? $"{our / their:0.00} of it" : Times(times),
            [mostMilliseconds is { } most ? $"≤ {Figures.Three(most)} ms" : null, leastTimes is not { } least ? null : isFloor ? $"≤ {1 / least:0.0} of it" : $"≥ {Times(least)}"],
            our.TotalMilliseconds <= (mostMilliseconds ?? double.MaxValue) && times >= (leastTimes ?? 0));
    }

    private void Throughput(string way, Language language, string beside, double? leastPerSecond = null, double? leastTimes = null)
    {
        if (_results.Hello(way, language, 8) is not { } ours || _results.Hello(beside, language, 8) is not { } theirs)
        {
            return;
        }

        var times = ours.PerSecond / theirs.PerSecond;
        Add(
            $"{way}, {language.ToWire()}: calls/s, 8 at once",
            $"{Figures.Three(ours.PerSecond)}{Fewer(ours)}",
            $"{beside} {Figures.Three(theirs.PerSecond)}{Fewer(theirs)}",
            beside == WayNames.Floor ? $"{times:0.00} of it" : Times(times),
            [leastPerSecond is { } most ? $"≥ {Figures.Three(most)}" : null, leastTimes is not { } least ? null : beside == WayNames.Floor ? $"≥ {least:0.0} of it" : $"≥ {Times(least)}"],
            ours.PerSecond >= (leastPerSecond ?? 0) && times >= (leastTimes ?? 0));
    }

    private void Streams(IReadOnlyList<Cell> floods)
    {
        foreach (var ours in floods.Where(flood => flood.Way == WayNames.Process && flood.Closed.Count > 0))
        {
            var isLong = ours.Workload.Printed!.Lines * Cases.LongLine <= ours.Workload.Printed.Bytes;
            var perSecond = StreamRates.Of(ours);
            var theirs = floods.FirstOrDefault(flood => flood.Way == WayNames.Floor && flood.Workload == ours.Workload && flood.Closed.Count > 0);
            Add(
                $"{WayNames.Process}, {ours.Workload.Language.ToWire()}: one stream of {(isLong ? "long" : "short")} lines",
                isLong ? $"{Figures.Three(perSecond.Megabytes)} MB/s" : $"{Figures.Three(perSecond.Lines)} lines/s",
                theirs is null ? Figures.None : $"{WayNames.Floor} {(isLong ? Figures.Three(StreamRates.Of(theirs).Megabytes) : Figures.Three(StreamRates.Of(theirs).Lines))}",
                theirs is null ? Figures.None : $"{perSecond.Lines / StreamRates.Of(theirs).Lines:0.00} of it",
                [isLong ? "≥ 100 MB/s" : "≥ 200,000 lines/s"],
                isLong ? perSecond.Megabytes >= 100 : perSecond.Lines >= 200_000);
        }
    }

    private void Imports(Language language)
    {
        if (_results.Find(WayNames.Process, Cases.Modules, language, 1)?.Closed.Percentile(0.5) is { } ours && _results.Hello(WayNames.Process, language, 1)?.Closed.Percentile(0.5) is { } hello)
        {
            Add(
                $"{WayNames.Process}, {language.ToWire()}: p50 of {Cases.Modules}, 1 at once",
                $"{Figures.Milliseconds(ours)} ms",
                $"hello {Figures.Milliseconds(hello)} ms",
                $"{ours / hello:0.00} of it",
                ["≤ 1.1 of it"],
                ours / hello <= 1.1);
        }
    }

    private void Add(string what, string ours, string beside, string ratio, IReadOnlyList<string?> target, bool met) =>
        _lines.Add(new Ratio(what, ours, beside, ratio, string.Join(", ", target.OfType<string>()), met));

    private static string Fewer(Cell cell) => cell.Present == cell.Callers ? "" : string.Create(CultureInfo.InvariantCulture, $" by {cell.Present}");

    private static string Times(double times) => $"{Figures.Three(times)}×";
}
