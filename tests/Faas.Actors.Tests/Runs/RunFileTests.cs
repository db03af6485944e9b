using System.Buffers;
using System.Text;
using CsCheck;
using Faas.Actors.Runs;
using Faas.Tests;
using Xunit;

namespace Faas.Actors.Tests.Runs;

public sealed class RunFileTests
{
    [Theory]
    [InlineData("a.csv", null)]
    [InlineData("ä b (1).PNG", null)]
    [InlineData("...", null)]
    [InlineData(".hidden", null)]
    [InlineData("-rf", null)]
    [InlineData("", "is empty")]
    [InlineData(".", "is that of a folder")]
    [InlineData("..", "is that of a folder")]
    [InlineData("a/b", "has a slash or a backslash; a file lies directly in its folder")]
    [InlineData("/", "has a slash or a backslash; a file lies directly in its folder")]
    [InlineData("a\\b", "has a slash or a backslash; a file lies directly in its folder")]
    [InlineData("a\0", "has a control character")]
    [InlineData("a\u0085", "has a control character")]
    [InlineData("a\uFFFD", "has the character U+FFFD, which stands for bytes that are not UTF-8")]
    public void A_name_is_that_of_a_file_without_its_folder(string name, string? wrong) => Assert.Equal(wrong, RunFileName.Check(name));

    [Fact]
    public void A_name_has_at_most_255_bytes()
    {
        Assert.Null(RunFileName.Check(new string('ä', 127) + "a"));
        Assert.Equal("has 256 bytes; allowed are 255", RunFileName.Check(new string('ä', 128)));
    }

    [Fact]
    public void A_sound_name_makes_a_file_in_its_folder_and_no_other() => Gen.String.Fuzz(
        name =>
        {
            if (RunFileName.Check(name) is null)
            {
                Assert.Equal($"/tmp/in/{name}", Path.GetFullPath($"/tmp/in/{name}"));
                Assert.InRange(Encoding.UTF8.GetByteCount(name), 1, 255);
            }
        },
        40_000);

    [Fact]
    public void Pieces_are_kept_as_they_came() => Gen.Byte.Array[0, 70_000].Array[0, 6].Fuzz(
        pieces =>
        {
            var bytes = new ByteSegments();
            foreach (var piece in pieces)
            {
                bytes.Append(piece);
            }

            var all = pieces.SelectMany(piece => piece).ToArray();
            var kept = bytes.ToSequence();
            Assert.Equal((all.Length, all.Length), (bytes.Length, kept.Length));
            Assert.True(kept.ToArray().AsSpan().SequenceEqual(all));
            Assert.True(kept.Slice(all.Length / 2).ToArray().AsSpan().SequenceEqual(all.AsSpan(all.Length / 2)));
        },
        300);

    [Fact]
    public void A_file_takes_whole_pages()
    {
        var page = Environment.SystemPageSize;
        Assert.Equal([0, page, page, 2 * page], new long[] { 0, 1, page, page + 1 }.Select(RunFile.PagesOf));
    }
}
