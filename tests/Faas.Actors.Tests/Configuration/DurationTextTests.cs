using Faas.Actors.Configuration;
using Xunit;

namespace Faas.Actors.Tests.Configuration;

public sealed class DurationTextTests
{
    [Theory]
    [InlineData("250ms", 0.25)]
    [InlineData("0.25", 0.25)]
    [InlineData("2 s", 2)]
    [InlineData("1.5m", 90)]
    [InlineData("24h", 86_400)]
    public void Durations_are_read(string text, double seconds)
    {
        Assert.True(DurationText.TryParse(text, out var read));
        Assert.Equal(TimeSpan.FromSeconds(seconds), read);
        Assert.True(DurationText.TryParse(DurationText.Of(read), out var again));
        Assert.Equal(read, again);
    }

    [Fact]
    public void One_that_is_too_long_to_be_held_is_read_as_very_long()
    {
        Assert.True(DurationText.TryParse("999999999h", out var read));
        Assert.True(read > TimeSpan.FromDays(365 * 1000));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1s")]
    [InlineData("1d")]
    [InlineData("1s\n")]
    [InlineData("1e3")]
    public void What_is_no_duration_is_refused(string text) => Assert.False(DurationText.TryParse(text, out _));
}
