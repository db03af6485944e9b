using CsCheck;
using Faas.Actors.Pool.Scheduler;
using Xunit;

namespace Faas.Actors.Tests.Pool.Scheduler;

public sealed class SpareDemandTests
{
    private static readonly TimeSpan s_noon = TimeSpan.FromHours(12);

    [Fact]
    public void Nobody_came_so_none_is_wanted() => Assert.Equal(0, Learned(calls: 0, every: 1, start: 1).Wanted(s_noon));

    [Fact]
    public void A_call_now_and_then_wants_none() => Assert.Equal(0, Learned(calls: 20, every: 10, start: 0.25).Wanted(s_noon));

    [Fact]
    public void Four_calls_a_second_and_starts_of_half_a_second_want_two_and_some_to_be_sure() =>
        Assert.InRange(Learned(calls: 400, every: 0.25, start: 0.5).Wanted(s_noon), 4, 5);

    [Fact]
    public void Slower_starts_want_more() =>
        Assert.True(
            Learned(calls: 400, every: 0.25, start: 2).Wanted(s_noon) > Learned(calls: 400, every: 0.25, start: 0.5).Wanted(s_noon));

    [Fact]
    public void A_minute_or_two_after_a_burst_it_is_forgotten()
    {
        var demand = Learned(calls: 30, every: 0.01, start: 0.5);

        Assert.InRange(demand.Wanted(s_noon), 1, 3);
        Assert.Equal(0, demand.Wanted(s_noon + TimeSpan.FromMinutes(2)));
    }

    [Fact]
    public void When_fewer_will_be_wanted_is_known_in_advance() =>
        Gen.Select(Gen.Int[1, 500], Gen.Double[0.001, 5], Gen.Double[0.01, 3], Gen.Int[0, 20]).Sample((calls, every, start, wanted) =>
        {
            var demand = Learned(calls, every, start);
            var at = demand.FallsTo(wanted, s_noon);

            Assert.True(demand.Wanted(at) <= wanted);
            if (at > s_noon + TimeSpan.FromMilliseconds(100))
            {
                Assert.True(demand.Wanted(at - TimeSpan.FromMilliseconds(100)) > wanted);
                Assert.Equal(at.TotalSeconds, demand.FallsTo(wanted, s_noon + TimeSpan.FromMilliseconds(50)).TotalSeconds, 0.01);
            }
        });

    [Fact]
    public void What_a_budget_affords_is_learned_from_those_that_were_ready()
    {
        var demand = new SpareDemand();
        Assert.Equal(int.MaxValue, demand.Affordable(1));

        demand.Started(TimeSpan.FromSeconds(1), bytes: 40 << 20);

        Assert.Equal((2, 0), (demand.Affordable(100 << 20), demand.Affordable(1 << 20)));
    }

    private static SpareDemand Learned(int calls, double every, double start)
    {
        var demand = new SpareDemand();
        demand.Started(TimeSpan.FromSeconds(start), bytes: 0);
        for (var i = calls - 1; i >= 0; i--)
        {
            demand.Taken(s_noon - TimeSpan.FromSeconds(i * every));
        }

        return demand;
    }
}
