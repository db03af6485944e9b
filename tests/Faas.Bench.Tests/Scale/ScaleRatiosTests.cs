using Faas.Bench.Reports;
using Faas.Bench.Scale;
using Faas.Bench.Tests.Reports;
using Xunit;

namespace Faas.Bench.Tests.Scale;

public sealed class ScaleRatiosTests
{
    private static readonly ScaleReport s_report = HandmadeScale.Report;

    [Fact]
    public void Each_target_has_a_line() => Assert.Equal(
        [
            "a stored script runs: p50",
            "list of 10,000 scripts: each",
            "first look-up after a start, 10,000 versions",
            "1,000 clients that wait: memory each",
        ],
        ScaleMarkdown.Ratios(s_report).Select(ratio => ratio.What));

    [Fact]
    public void A_run_that_meets_all_says_so() => Assert.All(ScaleMarkdown.Ratios(s_report), ratio => Assert.True(ratio.Met, ratio.What));

    [Fact]
    public void A_call_may_cost_a_fifth_more_on_a_filled_store()
    {
        Assert.Equal("1.10×", Ratio(s_report, "a stored").Share);
        Assert.False(Ratio(s_report with { Calls = [HandmadeScale.Runs(1.3, 1)] }, "a stored").Met);
    }

    [Fact]
    public void A_call_that_failed_meets_nothing()
    {
        var runs = HandmadeScale.Runs(1, 1);
        runs.Filled.AddErrors(HandmadeReport.Failure("503"));
        Assert.False(Ratio(s_report with { Calls = [runs] }, "a stored").Met);
    }

    [Fact]
    public void Lists_are_compared_by_what_one_line_costs()
    {
        var slow = s_report with { List = s_report.List with { Took = TimeSpan.FromMilliseconds(65) } };
        Assert.Equal(("6.50 µs", "1.30×", false), (Ratio(slow, "list").Ours, Ratio(slow, "list").Share, Ratio(slow, "list").Met));
    }

    [Fact]
    public void The_median_of_the_starts_counts()
    {
        var slow = s_report with { Recoveries = [HandmadeScale.Of(1, 20), HandmadeScale.Of(10_000, 30, 101, 110)] };
        Assert.Equal(("101 ms", false), (Ratio(slow, "first").Ours, Ratio(slow, "first").Met));
    }

    [Theory]
    [InlineData(1000, 49_000_000, true)]
    [InlineData(1000, 51_000_000, false)]
    [InlineData(999, 1_000_000, false)]
    public void Waiting_clients_must_be_cheap_and_all_be_answered(int answered, long bytes, bool met)
    {
        var waiting = s_report.Waiting with { During = s_report.Waiting.Before + bytes, Served = answered, Refused = 0 };
        Assert.Equal(met, Ratio(s_report with { Waiting = waiting }, "1,000 clients").Met);
    }

    private static Ratio Ratio(ScaleReport report, string beginning) =>
        ScaleMarkdown.Ratios(report).Single(ratio => ratio.What.StartsWith(beginning, StringComparison.Ordinal));
}
