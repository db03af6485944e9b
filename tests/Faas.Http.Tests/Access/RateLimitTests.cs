using Faas.Http.Access;
using Xunit;

namespace Faas.Http.Tests.Access;

public sealed class RateLimitTests
{
    [Theory]
    [InlineData(0.01)]
    [InlineData(0.5)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(100)]
    [InlineData(101)]
    [InlineData(2500)]
    [InlineData(100_000)]
    public void The_bucket_fills_as_fast_as_was_said_in_steps_that_are_not_too_small(double rate)
    {
        var bucket = new RateLimit(rate, 7).ToBucket();
        Assert.Equal(rate, bucket.TokensPerPeriod / bucket.ReplenishmentPeriod.TotalSeconds, rate / 1000);
        Assert.InRange(bucket.ReplenishmentPeriod, TimeSpan.FromMilliseconds(5), TimeSpan.FromSeconds(100));
        Assert.Equal((7, 0), (bucket.TokenLimit, bucket.QueueLimit));
    }
}
