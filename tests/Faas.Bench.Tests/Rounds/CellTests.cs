using Faas.Actors.Scripts;
using Faas.Bench.Load;
using Faas.Bench.Rounds;
using Faas.Bench.Workloads;
using Xunit;

namespace Faas.Bench.Tests.Rounds;

public sealed class CellTests
{
    private readonly Cell _cell = new("process", Cases.HelloIn(Language.Python), 1);

    [Fact]
    public void Calls_a_second_are_over_all_rounds_and_the_spread_is_of_single_ones()
    {
        _cell.AddClosed(Slices.Of(10, seconds: 1), TimeSpan.FromSeconds(0.2));
        _cell.AddClosed(Slices.Of(90, seconds: 3), TimeSpan.FromSeconds(0.8));
        Assert.Equal((25, 10, 30), (_cell.PerSecond, _cell.Spread.Low, _cell.Spread.High));
        Assert.Equal(TimeSpan.FromMilliseconds(10), _cell.CpuPerCall);
    }

    [Fact]
    public void Errors_of_every_loop_are_counted_and_the_first_is_kept()
    {
        _cell.AddErrors(new Slice(new Durations(), TimeSpan.FromSeconds(1), 1, "first"));
        _cell.AddClosed(new Slice(new Durations(), TimeSpan.FromSeconds(1), 2, "second"), TimeSpan.Zero);
        _cell.AddOpen(new Slice(new Durations(), TimeSpan.FromSeconds(1), 3, "third"));
        Assert.Equal((6, "first"), (_cell.Errors, _cell.FirstError));
    }

    [Fact]
    public void Nothing_measured_is_nothing() =>
        Assert.Equal((0, (0, 0), TimeSpan.Zero), (_cell.PerSecond, _cell.Spread, _cell.CpuPerCall));

    [Theory]
    [InlineData(false, 0, true)]
    [InlineData(false, 1, true)]
    [InlineData(true, 0, true)]
    [InlineData(true, 1, false)]
    public void A_slow_way_has_every_other_turn(bool isSlow, int round, bool takesPart) =>
        Assert.Equal(takesPart, RoundPlan.TakesPart(isSlow, round));
}
