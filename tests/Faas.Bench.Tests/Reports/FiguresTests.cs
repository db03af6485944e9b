using Faas.Bench.Reports;
using Xunit;

namespace Faas.Bench.Tests.Reports;

public sealed class FiguresTests
{
    [Theory]
    [InlineData(0.01234, "0.012")]
    [InlineData(0.9996, "1.00")]
    [InlineData(1.234, "1.23")]
    [InlineData(9.996, "10.0")]
    [InlineData(99.96, "100")]
    [InlineData(12345.6, "12,346")]
    [InlineData(-1.234, "-1.23")]
    public void A_number_has_three_digits(double number, string text) => Assert.Equal(text, Figures.Three(number));

    [Fact]
    public void No_duration_is_a_dash() => Assert.Equal("–", Figures.Milliseconds(null));
}
