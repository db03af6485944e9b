using Faas.Actors.Configuration;
using Xunit;

namespace Faas.Actors.Tests.Configuration;

public sealed class SizeTextTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(1000, "1000")]
    [InlineData(65_536, "64k")]
    [InlineData(134_217_728, "128M")]
    [InlineData(134_217_729, "134217729")]
    [InlineData(1L << 50, "1024T")]
    public void A_size_is_written_so_that_it_can_be_read(long bytes, string text)
    {
        Assert.Equal(text, SizeText.Of(bytes));
        Assert.True(SizeText.TryParse(text, out var read));
        Assert.Equal(bytes, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("1P")]
    [InlineData("1M\n")]
    [InlineData("1 M M")]
    public void What_is_no_size_is_refused(string text) => Assert.False(SizeText.TryParse(text, out _));

    [Theory]
    [InlineData("64M")]
    [InlineData("64m")]
    [InlineData("64Mi")]
    [InlineData("64MB")]
    [InlineData("64MiB")]
    [InlineData("65536 k")]
    [InlineData("67108864B")]
    public void A_unit_may_be_written_in_each_of_the_usual_ways(string text)
    {
        Assert.True(SizeText.TryParse(text, out var bytes));
        Assert.Equal(64 << 20, bytes);
    }
}
