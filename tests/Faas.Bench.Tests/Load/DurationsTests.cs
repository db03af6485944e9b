using CsCheck;
using Faas.Bench.Load;
using Xunit;

namespace Faas.Bench.Tests.Load;

public sealed class DurationsTests
{
    private static readonly Gen<double> s_shares = Gen.Double[0.01, 0.99];
    private static readonly Gen<TimeSpan[]> s_durations = Gen.Long[1, TimeSpan.TicksPerHour].Select(TimeSpan.FromTicks).Array[1, 400];

    [Fact]
    public void A_percentile_lies_between_its_two_neighbours() => Gen.Select(s_durations, s_shares).Sample((durations, share) =>
    {
        if (Of(durations).Percentile(share) is { } percentile)
        {
            var sorted = durations.Order().ToList();
            var rank = share * (sorted.Count - 1);
            Assert.InRange(percentile, sorted[(int)Math.Floor(rank)], sorted[(int)Math.Ceiling(rank)]);
        }
    });

    [Fact]
    public void Merged_durations_are_those_of_all() => Gen.Select(s_durations, s_durations, s_shares).Sample((some, others, share) =>
    {
        var merged = Of(some);
        Assert.NotNull(merged.Percentile(0.5)); // sorts it, which must not count once more have come
        merged.Add(Of(others));
        var whole = Of([.. some, .. others]);
        Assert.Equal((whole.Count, whole.Percentile(share)), (merged.Count, merged.Percentile(share)));
    });

    [Theory]
    [InlineData(0.5, 0, false)]
    [InlineData(0.5, 1, true)]
    [InlineData(0.9, 9, false)]
    [InlineData(0.9, 10, true)]
    [InlineData(0.99, 99, false)]
    [InlineData(0.99, 100, true)]
    [InlineData(0.999, 999, false)]
    [InlineData(0.999, 1000, true)]
    public void A_percentile_needs_enough_durations_to_rest_on_one(double share, int count, bool isKnown) =>
        Assert.Equal(isKnown, Of([.. Enumerable.Repeat(TimeSpan.FromMilliseconds(1), count)]).Percentile(share) is not null);

    [Fact]
    public void No_percentile_is_beyond_the_longest_duration() =>
        Assert.Equal(TimeSpan.FromTicks(10_003), Of([.. Enumerable.Repeat(TimeSpan.FromTicks(10_003), 1000)]).Percentile(0.999));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(50)]
    public void A_share_that_is_none_is_refused(double share) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Of([TimeSpan.Zero]).Percentile(share));

    [Theory]
    [InlineData(new[] { 3, 1, 2 }, 2)]
    [InlineData(new[] { 4, 1, 2, 100 }, 3)]
    [InlineData(new[] { -7 }, -7)]
    public void The_median_is_in_the_middle(int[] milliseconds, int median) =>
        Assert.Equal(TimeSpan.FromMilliseconds(median), Durations.MedianOf(milliseconds.Select(value => TimeSpan.FromMilliseconds(value))));

    [Fact]
    public void There_is_no_median_of_nothing() => Assert.Throws<ArgumentException>(() => Durations.MedianOf([]));

    private static Durations Of(TimeSpan[] durations)
    {
        var all = new Durations();
        Array.ForEach(durations, all.Add);
        return all;
    }
}
