using Faas.Bench.Scale;
using Faas.Bench.Tests.Reports;
using Xunit;

namespace Faas.Bench.Tests.Scale;

public sealed class ScaleMarkdownTests
{
    [Fact]
    public void The_ratios_come_before_what_they_rest_on()
    {
        var text = ScaleMarkdown.Whole(HandmadeScale.Report);
        Assert.Contains("Commit abc1234; 2 × Thinker, 8.0 GiB, Linux 6.1; 2030-01-02 03:04 +00:00, 61 s.", text, StringComparison.Ordinal);
        var tables = text.IndexOf("## Calls on a filled and on an empty store", StringComparison.Ordinal);
        Assert.InRange(text.IndexOf("1.10×", StringComparison.Ordinal), 0, tables);
        Assert.Contains("10,000 scripts of 100 versions, written in 30 s, 900 MiB on the disk.", text, StringComparison.Ordinal);
        Assert.Contains("30.0, 99.0, 110", text, StringComparison.Ordinal);
        Assert.Contains("990 were then served and 10 refused, the last 2.0 s after", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Errors:", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Calls_that_failed_are_listed()
    {
        var runs = HandmadeScale.Runs(1, 1);
        runs.Empty.AddErrors(HandmadeReport.Failure("503"));
        var text = ScaleMarkdown.Whole(HandmadeScale.Report with { Calls = [runs] });
        Assert.Contains("Errors: a stored script runs, empty: 1, the first: 503\n", text, StringComparison.Ordinal);
    }
}
