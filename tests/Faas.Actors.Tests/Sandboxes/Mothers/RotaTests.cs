using CsCheck;
using Faas.Actors.Sandboxes.Mothers;
using Xunit;

namespace Faas.Actors.Tests.Sandboxes.Mothers;

public sealed class RotaTests
{
    private static readonly TimeSpan s_age = TimeSpan.FromMinutes(10);
    private readonly Rota<string> _rota = new(3, s_age);

    [Fact]
    public void The_first_order_starts_the_first_mother()
    {
        Assert.True(_rota.NeedsStart(TimeSpan.Zero));

        var rota = _rota.Started("first", TimeSpan.Zero).Ordered();

        Assert.Equal("first", rota.Current);
        Assert.False(rota.NeedsStart(TimeSpan.Zero));
    }

    [Fact]
    public void After_so_many_children_a_successor_warms_up_while_the_old_one_serves()
    {
        var rota = _rota.Started("first", TimeSpan.Zero).Ordered().Ordered().Ordered();
        Assert.True(rota.NeedsStart(TimeSpan.Zero));

        rota = rota.Started("second", TimeSpan.Zero).Ordered();
        Assert.Equal("first", rota.Current);
        Assert.False(rota.NeedsStart(TimeSpan.Zero));

        (rota, var retiring) = rota.Warmed("second", TimeSpan.Zero);
        Assert.Equal(("second", "first"), (rota.Current, retiring));
        Assert.False(rota.NeedsStart(TimeSpan.Zero));
    }

    [Fact]
    public void An_old_mother_gets_a_successor_however_few_children_she_had()
    {
        var rota = _rota.Started("first", TimeSpan.Zero).Warmed("first", TimeSpan.FromSeconds(1)).Rota.Ordered();

        Assert.False(rota.NeedsStart(s_age));
        Assert.True(rota.NeedsStart(s_age + TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void When_she_dies_her_successor_takes_over_even_if_it_is_not_warm()
    {
        var rota = _rota.Started("first", TimeSpan.Zero).Ordered().Ordered().Ordered().Started("second", TimeSpan.Zero);

        rota = rota.Left("first", TimeSpan.Zero);

        Assert.Equal(("second", null), (rota.Current, rota.Next));
        Assert.True(rota.Left("second", TimeSpan.Zero).NeedsStart(TimeSpan.Zero));
    }

    [Fact]
    public void A_successor_that_dies_is_replaced()
    {
        var rota = _rota.Started("first", TimeSpan.Zero).Ordered().Ordered().Ordered().Started("second", TimeSpan.Zero);

        Assert.True(rota.Left("second", TimeSpan.Zero).NeedsStart(TimeSpan.Zero));
    }

    [Fact]
    public void Never_are_there_more_than_two_that_take_or_will_take_orders_and_no_order_is_without_one() =>
        Gen.Int[0, 4].Array[0, 60].Sample(happenings =>
        {
            var rota = _rota;
            var alive = new HashSet<string>();
            var now = TimeSpan.Zero;
            foreach (var happening in happenings)
            {
                now += TimeSpan.FromMinutes(1);
                switch (happening)
                {
                    case 0 or 1:
                        if (rota.NeedsStart(now))
                        {
                            rota = rota.Started($"m{now}", now);
                            Assert.True(alive.Add($"m{now}"));
                        }

                        Assert.NotNull(rota.Current);
                        rota = rota.Ordered();
                        break;
                    case 2 when rota.Next is { } next:
                        (rota, var retiring) = rota.Warmed(next, now);
                        Assert.True(alive.Remove(retiring!));
                        break;
                    case 3 when rota.Current is { } current:
                        rota = rota.Left(current, now);
                        alive.Remove(current);
                        break;
                    case 4 when rota.Next is { } next:
                        rota = rota.Left(next, now);
                        alive.Remove(next);
                        break;
                }

                Assert.Equal(alive.Order(), new[] { rota.Current, rota.Next }.OfType<string>().Order());
            }
        });
}
