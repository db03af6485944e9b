using System.Xml.Linq;
using Faas.Bench.Reports;
using Xunit;

namespace Faas.Bench.Tests.Reports;

public sealed class MarkdownReportTests
{
    private readonly BenchReport _report = HandmadeReport.Of(
        HandmadeReport.Hello("process", 1, 0.5, 1000),
        HandmadeReport.Hello("cold", 1, 67, 15),
        HandmadeReport.Hello("process", 8, 2, 1500));

    [Fact]
    public void The_ratios_name_the_machine_the_commit_and_what_is_left_out()
    {
        var text = MarkdownReport.Ratios(_report);
        Assert.Contains("Commit abc1234; 2 × Thinker, 8.0 GiB, Linux 6.1; 2030-01-02 03:04 +00:00, 61 s.", text, StringComparison.Ordinal);
        Assert.Contains("Load average before: 0.10, 0.20, 0.30; after, the run's own load included: 2.00, 1.00, 0.50.", text);
        Assert.Contains("Isolation `shared` is left out", text, StringComparison.Ordinal);
        Assert.Contains("\nSandboxes are started by fork.\n", text, StringComparison.Ordinal);
        Assert.EndsWith("No call failed.\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_start_of_the_server_is_judged_only_where_it_had_the_machine_for_itself()
    {
        Assert.Contains("start of the server until it listens, median", MarkdownReport.Ratios(_report), StringComparison.Ordinal);
        Assert.DoesNotContain("start of the server", MarkdownReport.Ratios(_report with { Starts = [] }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("by exec, echo", "9.50 ms", "+2.50 ms", "< +5 ms")]
    [InlineData("by fork, node", "4.00 ms", "-3.00 ms", "< plain bwrap")]
    public void The_start_of_each_kind_of_sandbox_is_judged_beside_plain_bubblewrap(
        string kind, string ours, string difference, string target)
    {
        var line = MarkdownReport.Ratios(_report).Split('\n').Single(line => line.Contains(kind, StringComparison.Ordinal));
        Assert.Equal(
            [$"hardening: the start of a sandbox {kind}", ours, "plain bwrap 7.00 ms", difference, target, "yes"],
            line.Trim('|', ' ').Split('|').Select(cell => cell.Trim()));
    }

    [Fact]
    public void Warm_sandboxes_are_told_with_what_they_hold()
    {
        var text = MarkdownReport.Whole(_report, "2030-01-02.svg");
        Assert.Contains("998 of 1000 sandboxes were warm, 2 calls failed.", text, StringComparison.Ordinal);
        Assert.Contains("| python   | 3.00        | 14.0                    | 15.0     | 2.00         |", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Warm sandboxes", MarkdownReport.Whole(_report with { Warm = null }, "2030-01-02.svg"));
    }

    [Fact]
    public void The_ratios_come_before_the_tables()
    {
        var text = MarkdownReport.Whole(_report, "2030-01-02.svg");
        var tables = text.IndexOf("## hello", StringComparison.Ordinal);
        Assert.InRange(text.IndexOf("process, javascript: p50", StringComparison.Ordinal), 0, tables);
        Assert.Contains("(2030-01-02.svg)", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_call_that_failed_is_told_with_how()
    {
        var cell = HandmadeReport.Hello("process", 1, 0.5, 1000);
        cell.AddOpen(HandmadeReport.Failure("503: broken"));
        var text = MarkdownReport.Ratios(HandmadeReport.Of(cell));
        Assert.Contains("- 1 calls failed: process, hello in javascript, 1 at once: 503: broken\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_plot_is_svg_with_a_bar_for_each_way()
    {
        var svg = XDocument.Parse(SpeedPlot.Draw(_report.Cells));
        Assert.Equal(1 + 3, svg.Descendants().Count(element => element.Name.LocalName == "rect"));
    }

    [Theory]
    [InlineData(1, 1, 100, 0.333)]
    [InlineData(10, 1, 100, 0.667)]
    [InlineData(100, 1, 100, 1)]
    [InlineData(20, 2, 100, 0.65)]
    [InlineData(5, 5, 5, 1)]
    public void A_bar_is_as_long_as_its_logarithm(double value, double least, double most, double place) =>
        Assert.Equal(place, SpeedPlot.Place(value, least, most), 0.01);
}
