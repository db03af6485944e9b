using System.Globalization;
using Faas.Bench.Load;
using Faas.Bench.Reports;

namespace Faas.Bench.Libraries;

/// <summary>All that one run has measured, and its form as Markdown.</summary>
/// <param name="Conditions">Where and when.</param>
/// <param name="PythonSource">Where the libraries of Python came from, in words.</param>
/// <param name="Uploads">Uploads of each script.</param>
/// <param name="Attach">How long a layer took to attach.</param>
/// <param name="Firsts">First calls.</param>
/// <param name="Warm">Warm calls.</param>
internal sealed record LibrariesReport(
    Conditions Conditions,
    string PythonSource,
    IReadOnlyList<UploadFigures> Uploads,
    Durations Attach,
    IReadOnlyList<FirstFigures> Firsts,
    IReadOnlyList<WarmFigures> Warm)
{
    private const double MostOfHello = 1.1;

    /// <summary>The target of issue 17 for each script, beside what was measured.</summary>
    public IReadOnlyList<Ratio> Ratios =>
    [
        .. Warm.SelectMany(warm => (Ratio[])[RatioOf(warm, "alternating", warm.Alternating), RatioOf(warm, "in turns", warm.InTurns)]),
    ];

    /// <summary>The report.</summary>
    public string ToMarkdown() => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        # Libraries: {Conditions.Begun:yyyy-MM-dd}

        What each line means: [docs/benchmarks.md](../../docs/benchmarks.md#libraries).

        {Conditions}
        {PythonSource}

        {Ratio.TableOf(Ratios)}
        ## Uploads

        {UploadTable()}
        {string.Concat(Uploads.Select(of => $"- {of.Script.Title}: {string.Join(", ", of.First.Log.Libraries)}\n"))}
        ## The first call

        A layer was attached within {Figures.Milliseconds(Attach.Percentile(0.5))} ms (p50 of {Attach.Count}).

        {FirstTable()}
        ## Warm calls

        {WarmTable()}
        """);

    private static Ratio RatioOf(WarmFigures warm, string order, WarmPair pair)
    {
        var (ours, theirs) = (pair.Libraries.Percentile(0.5), pair.Hello.Percentile(0.5));
        return new Comparison(
            $"{warm.Script.Title}, {warm.Import}: warm p50, {order}",
            ours?.TotalMilliseconds ?? double.NaN,
            " ms",
            theirs?.TotalMilliseconds ?? double.NaN,
            $"hello {Figures.Milliseconds(theirs)} ms",
            LessIsBetter: true, Share: MostOfHello).Judge();
    }

    private MarkdownTable UploadTable() => MarkdownTable.Of(
        Uploads.SelectMany(of => of.Again.Select((times, at) => (Name: $"forced {at + 1}", Times: times))
            .Prepend((Name: "first", Times: of.First))
            .Select(one => (of.Script, one.Name, one.Times, of.Same))),
        ("script", one => one.Script.Title),
        ("upload", one => one.Name),
        ("ms", one => Figures.Milliseconds(one.Times.Whole)),
        ("resolve", one => Figures.Milliseconds(one.Times.Log.Resolve)),
        ("install", one => Figures.Milliseconds(one.Times.Log.Install)),
        ("bundle or layer, check", one => Figures.Milliseconds(one.Times.Log.Rest)),
        ("the same source again, ms", one => one.Name == "first" ? Figures.Milliseconds(Durations.MedianOf(one.Same)) : ""));

    private MarkdownTable FirstTable() => MarkdownTable.Of(
        Firsts.Select(first => (First: first, Upload: Uploads.First(of => of.Script == first.Script))),
        ("script", one => one.First.Script.Title),
        ("after the upload ms", one => Figures.Milliseconds(one.Upload.FirstCall)),
        ("on a spare ms", one => Figures.Milliseconds(one.First.OnSpare)),
        ("hello", one => Figures.Milliseconds(one.First.HelloOnSpare)),
        ("without a spare ms", one => Figures.Milliseconds(one.First.Cold)),
        ("hello", one => Figures.Milliseconds(one.First.HelloCold)));

    private MarkdownTable WarmTable() => MarkdownTable.Of(
        Warm.SelectMany(warm => (IEnumerable<(string Order, WarmFigures Of, WarmPair Pair)>)
            [("alternating", warm, warm.Alternating), ("in turns", warm, warm.InTurns)]),
        ("script", one => $"{one.Of.Script.Title}, {one.Of.Import}"),
        ("order", one => one.Order),
        ("p50 ms", one => Figures.Milliseconds(one.Pair.Libraries.Percentile(0.5))),
        ("p95", one => Figures.Milliseconds(one.Pair.Libraries.Percentile(0.95))),
        ("min", one => Figures.Milliseconds(one.Pair.Libraries.Least)),
        ("hello p50", one => Figures.Milliseconds(one.Pair.Hello.Percentile(0.5))),
        ("p95", one => Figures.Milliseconds(one.Pair.Hello.Percentile(0.95))),
        ("min", one => Figures.Milliseconds(one.Pair.Hello.Least)),
        ("ratio of p50", one => Share(one.Pair.Libraries.Percentile(0.5), one.Pair.Hello.Percentile(0.5))),
        ("of min", one => Share(one.Pair.Libraries.Least, one.Pair.Hello.Least)),
        ("ahead", one => one.Pair.Ahead.ToString("0%", CultureInfo.InvariantCulture)),
        ("calls", one => Figures.Count(one.Pair.Libraries.Count)));

    private static string Share(TimeSpan? ours, TimeSpan? theirs) =>
        ours is { } one && theirs is { } other ? $"{Figures.Three(one / other)}×" : Figures.None;
}
