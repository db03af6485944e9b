using Faas.Bench.Limits;
using Faas.Bench.Reports;
using Faas.Bench.Rounds;
using Xunit;

namespace Faas.Bench.Tests.Reports;

public sealed class LimitsTableTests
{
    private static readonly MachineLimits s_limits = new(
        NewPage: 14,
        SharedPageRead: 5,
        SharedPageWritten: 20,
        PythonFork: 8000,
        PythonForksASecond: 120,
        ForkOfNodesSize: 10_000,
        Message: 20,
        RelayedMessage: 40);

    [Fact]
    public void A_limit_stands_beside_what_a_target_compares_with()
    {
        var rows = Rows(
            HandmadeReport.Hello("cold", 1, 100, 10),
            HandmadeReport.Hello("functions-framework", 1, 0.08, 9000),
            HandmadeReport.Hello("/healthz", 1, 0.04, 20_000));

        Assert.Contains(
            ["a fresh process: a fork of node's size writes its pages and ends, no JavaScript run", "10.0 ms", "cold 100 ms", "10.0×"],
            rows);
        Assert.Contains(["the same, and a request of HTTP (/healthz)", "0.080 ms", "functions-framework 0.080 ms", "1.00×"], rows);
    }

    [Fact]
    public void Beside_what_was_not_measured_it_stands_alone()
    {
        var rows = Rows();

        Assert.Contains(["a fresh process: the fork of a bare Python runs hello and ends", "8.00 ms", "–", "–"], rows);
        Assert.DoesNotContain(rows, row => row[0].Contains("HTTP", StringComparison.Ordinal));
    }

    private static List<string[]> Rows(params IReadOnlyList<Cell> cells) =>
    [
        .. LimitsTable.Of(s_limits, cells).ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Trim('|', ' ').Split(" | ").Select(cell => cell.Trim()).ToArray()),
    ];
}
