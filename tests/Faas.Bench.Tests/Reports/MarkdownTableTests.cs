using Faas.Bench.Reports;
using Xunit;

namespace Faas.Bench.Tests.Reports;

public sealed class MarkdownTableTests
{
    [Fact]
    public void Columns_are_as_wide_as_their_widest_cell() =>
        Assert.Equal("| a   | long |\n| --- | ---- |\n| 123 | x    |\n", new MarkdownTable("a", "long").Add("123", "x").ToString());

    [Fact]
    public void What_would_break_a_row_is_made_harmless() =>
        Assert.Equal("| a      |\n| ------ |\n| x\\|y z |\n", new MarkdownTable("a").Add("x|y\nz").ToString());

    [Fact]
    public void A_row_of_another_length_is_refused() => Assert.Throws<ArgumentException>(() => new MarkdownTable("a", "b").Add("1"));
}
