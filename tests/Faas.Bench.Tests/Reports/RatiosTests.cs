using Faas.Actors.Scripts;
using Faas.Bench.Reports;
using Faas.Bench.Rounds;
using Faas.Bench.Tests.Rounds;
using Faas.Bench.Workloads;
using Xunit;

namespace Faas.Bench.Tests.Reports;

public sealed class RatiosTests
{
    [Theory]
    [InlineData(1, 80, true)]
    [InlineData(1.1, 80, false)]
    [InlineData(1, 30, false)]
    public void A_latency_meets_its_target_by_itself_and_beside_cold(double ours, double cold, bool met)
    {
        var ratio = Of(HandmadeReport.Hello("process", 1, ours, 100), HandmadeReport.Hello("cold", 1, cold, 10)).Single();
        Assert.Equal("process, javascript: p50, 1 at once", ratio.What);
        Assert.Equal("≤ 1.00 ms, ≥ 40.0×", ratio.Target);
        Assert.Equal(met, ratio.Met);
    }

    [Theory]
    [InlineData(800, 20, true)]
    [InlineData(600, 20, false)]
    [InlineData(800, 50, false)]
    public void Calls_a_second_meet_their_target_by_themselves_and_beside_cold(double ours, double cold, bool met) =>
        Assert.Equal(met, Of(HandmadeReport.Hello("process", 8, 1, ours), HandmadeReport.Hello("cold", 8, 1, cold)).Single().Met);

    [Theory]
    [InlineData(1.3, true, "1.30 of it")]
    [InlineData(1.4, false, "1.40 of it")]
    public void The_floor_may_be_missed_by_a_little(double ours, bool met, string times)
    {
        var ratio = Of(HandmadeReport.Hello("process", 1, ours, 100), HandmadeReport.Hello("floor", 1, 1, 100)).Single();
        Assert.Equal((met, times, "≤ 1.3 of it"), (ratio.Met, ratio.Times, ratio.Target));
    }

    [Fact]
    public void Who_had_fewer_callers_than_asked_for_is_said()
    {
        var cold = new Cell("cold", Cases.HelloIn(Language.JavaScript), 8, present: 2);
        cold.AddClosed(Slices.Of(8, 1), TimeSpan.Zero);
        Assert.Equal("cold 8.00 by 2", Of(HandmadeReport.Hello("process", 8, 1, 800), cold).Single().Beside);
    }

    [Theory]
    [InlineData(1.1, true, "1.10 of it")]
    [InlineData(1.2, false, "1.20 of it")]
    public void Modules_are_to_cost_as_much_as_hello(double modules, bool met, string times)
    {
        var imports = new Cell("process", Cases.AllIn(Language.JavaScript).Single(workload => workload.Case == Cases.Modules), 1);
        imports.AddClosed(Slices.Of(100, 1, modules), TimeSpan.Zero);
        var ratio = Of(HandmadeReport.Hello("process", 1, 1, 100), imports).Single();
        Assert.Equal((met, times, "process, javascript: p50 of five modules, 1 at once"), (ratio.Met, ratio.Times, ratio.What));
    }

    [Fact]
    public void A_way_that_was_not_measured_has_no_line() => Assert.Empty(Of(HandmadeReport.Hello("process", 1, 1, 100)));

    [Theory]
    [InlineData(Cases.LongLine, 2000, 1, "131 MB/s", true)]
    [InlineData(Cases.LongLine, 2000, 2, "65.5 MB/s", false)]
    [InlineData(Cases.ShortLine, 200_000, 1, "200,000 lines/s", true)]
    [InlineData(Cases.ShortLine, 200_000, 2, "100,000 lines/s", false)]
    public void A_stream_is_judged_by_bytes_when_its_lines_are_long_and_else_by_lines(
        int line, int lines, double seconds, string ours, bool met)
    {
        var flood = new Cell("process", Cases.Flood(Language.JavaScript, line, lines), 1);
        flood.AddClosed(Slices.Of(1, seconds), TimeSpan.Zero);
        var ratio = Ratios.Of([], [flood]).Single();
        Assert.Equal((ours, met), (ratio.Ours, ratio.Met));
    }

    private static IReadOnlyList<Ratio> Of(params IReadOnlyList<Cell> cells) => Ratios.Of(cells, []);
}
