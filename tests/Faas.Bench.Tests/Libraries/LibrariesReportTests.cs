using System.Text.RegularExpressions;
using Faas.Bench.Libraries;
using Faas.Bench.Load;
using Faas.Bench.Tests.Reports;
using Xunit;

namespace Faas.Bench.Tests.Libraries;

public sealed class LibrariesReportTests
{
    private static readonly LibraryCase s_numpy = LibraryCase.All.Single(script => script.Name == "numpy");

    [Fact]
    public void The_target_is_a_tenth_more_than_hello()
    {
        var ratios = Report.Ratios;
        const string what = "python, numpy, as shipped: warm p50";
        Assert.Equal([$"{what}, alternating", $"{what}, in turns"], ratios.Select(ratio => ratio.What));
        Assert.Equal([("1.09×", true), ("1.20×", false)], ratios.Select(ratio => (ratio.Share, ratio.Met)));
        Assert.All(ratios, ratio => Assert.Equal("≤ 1.10×", ratio.Target));
    }

    [Fact]
    public void The_ratios_come_before_what_they_rest_on()
    {
        var text = Regex.Replace(Report.ToMarkdown(), " +", " "); // cells are padded
        Assert.InRange(text.IndexOf("1.09×", StringComparison.Ordinal), 0, text.IndexOf("## Uploads", StringComparison.Ordinal));
        Assert.Contains("Python comes from here.", text, StringComparison.Ordinal);
        Assert.Contains("- python, numpy: numpy-1.24.2\n", text, StringComparison.Ordinal);
        Assert.Contains("A layer was attached within 0.100 ms (p50 of 1).", text, StringComparison.Ordinal);
        Assert.Contains("| python, numpy | first | 900 | 200 | 300 | 400 | 5.00 |", text, StringComparison.Ordinal);
        Assert.Contains("| python, numpy | 50.0 | 30.0 | 20.0 | – | – |", text, StringComparison.Ordinal);
    }

    private static LibrariesReport Report => new(
        HandmadeReport.Conditions,
        "Python comes from here.",
        [new UploadFigures(s_numpy, Upload(200, 300, 400), [Upload(100, 100, 100)], [Milliseconds(5)], Milliseconds(50))],
        Of(0.1),
        [new FirstFigures(s_numpy, Milliseconds(20), Milliseconds(30), null, null)],
        [new WarmFigures(s_numpy, "as shipped", new WarmPair(Of(10), Of(10.9), 1), new WarmPair(Of(10), Of(12), 1))]);

    private static UploadTimes Upload(int resolve, int install, int rest) => new(
        new UploadLog(Milliseconds(resolve), Milliseconds(install), Milliseconds(rest), ["numpy-1.24.2"]),
        Milliseconds(resolve + install + rest));

    private static Durations Of(double milliseconds)
    {
        var durations = new Durations();
        durations.Add(Milliseconds(milliseconds));
        return durations;
    }

    private static TimeSpan Milliseconds(double number) => TimeSpan.FromMilliseconds(number);
}
