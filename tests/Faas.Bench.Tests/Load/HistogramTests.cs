using CsCheck;
using Faas.Bench.Load;
using Xunit;

namespace Faas.Bench.Tests.Load;

public sealed class HistogramTests
{
    private static readonly Gen<TimeSpan[]> s_durations = Gen.Long[1, TimeSpan.TicksPerHour].Select(TimeSpan.FromTicks).Array[1, 400];

    [Fact]
    public void A_percentile_is_within_half_a_percent_of_the_exact_one() => Gen.Select(s_durations, Gen.Double[0.01, 0.99]).Sample((durations, share) =>
    {
        if (Of(durations).Percentile(share) is { } percentile)
        {
            var exact = durations.Order().ElementAt((int)Math.Max(0, Math.Ceiling(durations.Length * share - 1e-9) - 1));
            Assert.InRange(percentile.TotalMicroseconds, (exact.TotalMicroseconds * 0.995) - 0.1, (exact.TotalMicroseconds * 1.005) + 0.1);
        }
    });

    [Fact]
    public void Merged_histograms_are_the_histogram_of_all() => Gen.Select(s_durations, s_durations, Gen.Double[0.01, 0.99]).Sample((some, others, share) =>
    {
        var merged = Of(some);
        merged.Add(Of(others));
        var whole = Of([.. some, .. others]);
        Assert.Equal((whole.Count, whole.Max, whole.Percentile(share)), (merged.Count, merged.Max, merged.Percentile(share)));
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
    public void The_longest_duration_is_exact_and_no_percentile_is_beyond_it()
    {
        var histogram = Of([TimeSpan.FromTicks(10_003), TimeSpan.FromTicks(10_003)]);
        Assert.Equal(TimeSpan.FromTicks(10_003), histogram.Max);
        Assert.True(histogram.Percentile(0.5) <= histogram.Max);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(50)]
    public void A_share_that_is_none_is_refused(double share) => Assert.Throws<ArgumentOutOfRangeException>(() => Of([TimeSpan.Zero]).Percentile(share));

    private static Histogram Of(TimeSpan[] durations)
    {
        var histogram = new Histogram();
        Array.ForEach(durations, histogram.Record);
        return histogram;
    }
}
