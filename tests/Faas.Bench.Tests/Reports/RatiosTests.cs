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
    [InlineData(6, 100, true)]
    [InlineData(7, 100, false)]
    public void A_latency_meets_its_target_beside_cold(double ours, double cold, bool met)
    {
        var ratio = Of(HandmadeReport.Hello("process", 1, ours, 100), HandmadeReport.Hello("cold", 1, cold, 10)).Single();
        Assert.Equal(("process, javascript: p50, 1 at once", "≤ 0.060×", met), (ratio.What, ratio.Target, ratio.Met));
    }

    [Theory]
    [InlineData(0.3, true)]
    [InlineData(0.31, false)]
    public void A_latency_may_have_a_target_by_itself(double ours, bool met)
    {
        var ratio = Of(HandmadeReport.Hello("shared", 1, ours, 100), HandmadeReport.Hello("cold", 1, 100, 10)).Single();
        Assert.Equal(("≤ 0.300 ms", met), (ratio.Target, ratio.Met));
    }

    [Theory]
    [InlineData("process", 260, 20, "13.0×", true)]
    [InlineData("process", 250, 20, "12.5×", false)]
    [InlineData("fresh", 50, 20, "2.50×", true)]
    [InlineData("many", 78, 20, "3.90×", false)]
    public void Calls_a_second_meet_their_target_beside_cold(string way, double ours, double cold, string share, bool met)
    {
        var ratio = Of(HandmadeReport.Hello(way, 8, 1, ours), HandmadeReport.Hello("cold", 8, 1, cold)).Single();
        Assert.Equal((share, met), (ratio.Share, ratio.Met));
    }

    [Theory]
    [InlineData("shared")]
    [InlineData("shared, concurrency 8")]
    public void A_shared_process_is_judged_beside_a_framework_without_walls(string way)
    {
        var ratio = Of(HandmadeReport.Hello(way, 8, 1, 700), HandmadeReport.Hello("functions-framework", 8, 1, 1000)).Single();
        Assert.Equal(($"{way}, javascript: calls/s, 8 at once", "0.700×", true), (ratio.What, ratio.Share, ratio.Met));
    }

    [Fact]
    public void A_spare_at_hand_is_judged_by_the_open_loop_and_no_spare_by_a_way_of_its_own()
    {
        var fresh = HandmadeReport.Hello("fresh", 1, 50, 20);
        fresh.AddOpen(Slices.Of(20, 1, 4));
        var ratios = Of(fresh, HandmadeReport.Hello("fresh on demand", 1, 20, 50), HandmadeReport.Hello("cold", 1, 40, 25));

        Assert.Equal(
            [
                ("fresh on demand, javascript: p50, 1 at once", "20.0 ms", "0.500×"),
                ("fresh, javascript: p50, 1 at once, spare at hand", "4.00 ms", "0.100×"),
            ],
            ratios.Select(ratio => (ratio.What, ratio.Ours, ratio.Share)));
    }

    [Theory]
    [InlineData(90, true)]
    [InlineData(89, false)]
    public void The_floor_may_be_missed_by_a_little(double ours, bool met)
    {
        var ratio = Of(HandmadeReport.Hello("process", 8, 1, ours), HandmadeReport.Hello("floor", 8, 1, 100)).Single();
        Assert.Equal(("≥ 0.900×", met), (ratio.Target, ratio.Met));
    }

    [Theory]
    [InlineData(101, true)]
    [InlineData(99, false)]
    public void Two_callers_are_to_get_more_than_one(double two, bool met)
    {
        var ratio = Of(HandmadeReport.Hello("process", 1, 1, 100), HandmadeReport.Hello("process", 2, 1, two)).Single();
        Assert.Equal(("process, javascript: calls/s, 2 at once", "1 at once 100", met), (ratio.What, ratio.Beside, ratio.Met));
    }

    [Theory]
    [InlineData(40, true)]
    [InlineData(39, false)]
    public void Uploads_are_judged_beside_those_that_are_checked_in_sandboxes_started_by_exec(int ours, bool met)
    {
        var ratio = Of(Uploads("upload", ours), Uploads("upload by exec", 10)).Single();
        Assert.Equal(("upload, python: uploads/s, 6 at once", "≥ 4.00×", met), (ratio.What, ratio.Target, ratio.Met));
    }

    [Fact]
    public void Who_had_fewer_callers_than_asked_for_is_said()
    {
        var cold = new Cell("cold", Cases.HelloIn(Language.JavaScript), 8, present: 2);
        cold.AddClosed(Slices.Of(8, 1), TimeSpan.Zero);
        Assert.Equal("cold 8.00 by 2", Of(HandmadeReport.Hello("process", 8, 1, 800), cold).Single().Beside);
    }

    [Theory]
    [InlineData(1.1, true, "1.10×")]
    [InlineData(1.2, false, "1.20×")]
    public void Modules_are_to_cost_as_much_as_hello(double modules, bool met, string share)
    {
        var imports = new Cell("process", Cases.AllIn(Language.JavaScript).Single(workload => workload.Case == Cases.Modules), 1);
        imports.AddClosed(Slices.Of(100, 1, modules), TimeSpan.Zero);
        var ratio = Of(HandmadeReport.Hello("process", 1, 1, 100), imports).Single();
        Assert.Equal((met, share, "process, javascript: p50 of five modules, 1 at once"), (ratio.Met, ratio.Share, ratio.What));
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

    private static Cell Uploads(string way, int aSecond)
    {
        var cell = new Cell(way, Cases.HelloIn(Language.Python) with { Case = Cases.Upload }, Schedule.Uploaders);
        cell.AddClosed(Slices.Of(aSecond, 1), TimeSpan.Zero);
        return cell;
    }

    private static IReadOnlyList<Ratio> Of(params IReadOnlyList<Cell> cells) => Ratios.Of(cells, []);
}
