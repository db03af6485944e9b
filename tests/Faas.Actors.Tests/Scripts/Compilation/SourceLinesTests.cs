using System.Text;
using CsCheck;
using Faas.Actors.Scripts.Compilation;
using Xunit;

namespace Faas.Actors.Tests.Scripts.Compilation;

public sealed class SourceLinesTests
{
    [Fact]
    public void Every_line_terminator_of_ECMAScript_ends_a_line()
    {
        const string text = "a\nb\rc\r\nd\u2028e\u2029f";
        var lines = new SourceLines(text);

        Assert.Equal("abcdef", string.Concat(Enumerable.Range(1, 6).Select(line => text[lines.StartOf(line)])));
    }

    [Fact]
    public void A_column_in_bytes_becomes_one_in_characters() =>
        Gen.OneOf("a", "ä", "€", "😀").Array[0, 20].Select(Gen.Int[0, 20]).Sample((parts, at) =>
        {
            var before = string.Concat(parts.Take(at));
            var lines = new SourceLines("first\n" + string.Concat(parts) + "\nlast");

            Assert.Equal(before.Length, lines.ColumnOf(2, Encoding.UTF8.GetByteCount(before)));
        });

    [Theory]
    [InlineData(1, 99, 2)]
    [InlineData(2, 99, 2)]
    [InlineData(99, 0, 0)]
    public void A_place_outside_is_moved_to_the_nearest_end(int line, int byteColumn, int column) =>
        Assert.Equal(column, new SourceLines("a\nbc").ColumnOf(line, byteColumn));

    [Fact]
    public void An_empty_text_has_one_line() => Assert.Equal((0, 0), (new SourceLines("").StartOf(1), new SourceLines("").ColumnOf(1, 5)));
}
