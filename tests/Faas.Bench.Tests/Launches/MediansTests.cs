using Faas.Bench.Launches;
using Xunit;

namespace Faas.Bench.Tests.Launches;

public sealed class MediansTests
{
    [Theory]
    [InlineData(new[] { 3, 1, 2 }, 2)]
    [InlineData(new[] { 4, 1, 2, 100 }, 3)]
    [InlineData(new[] { -7 }, -7)]
    public void The_median_is_in_the_middle(int[] milliseconds, int median) =>
        Assert.Equal(TimeSpan.FromMilliseconds(median), Medians.Of([.. milliseconds.Select(value => TimeSpan.FromMilliseconds(value))]));

    [Fact]
    public void There_is_none_of_nothing() => Assert.Throws<ArgumentException>(() => Medians.Of([]));
}
