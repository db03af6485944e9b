using CsCheck;
using Faas.Actors.Runs.Recent;
using Xunit;

namespace Faas.Actors.Tests.Runs.Recent;

public sealed class LatencyHistogramTests
{
    [Fact]
    public void A_percentile_is_right_to_a_tenth_of_itself() =>
        Gen.Select(Gen.Double[Math.Log(1e-4), Math.Log(3600)].Array[1, 200], Gen.Double[0, 1]).Sample((logs, share) =>
        {
            var (one, other) = (new LatencyHistogram(), new LatencyHistogram());
            var times = logs.Select(log => TimeSpan.FromSeconds(Math.Exp(log))).Order().ToList();
            for (var i = 0; i < times.Count; i++)
            {
                (i % 2 == 0 ? one : other).Add(times[i]);
            }

            one.Add(other);
            var exact = times[Math.Max(1, (int)Math.Ceiling(share * times.Count)) - 1].TotalSeconds;
            Assert.InRange(one.Percentile(share), exact / 1.1, exact * 1.1);
        });

    [Fact]
    public void What_is_shorter_or_longer_than_every_class_is_counted_in_the_first_or_the_last()
    {
        var histogram = new LatencyHistogram();
        Assert.Equal(0, histogram.Percentile(0.5));
        histogram.Add(TimeSpan.Zero);
        Assert.InRange(histogram.Percentile(0.5), 0.00005, 0.000065);
        histogram.Add(TimeSpan.FromDays(300));
        Assert.InRange(histogram.Percentile(1), 36_000, 86_400);
    }
}
