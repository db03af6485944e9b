using System.Text;
using System.Text.Unicode;
using CsCheck;
using Faas.Actors.Runs.Output;
using Xunit;

namespace Faas.Actors.Tests.Runs.Output;

public sealed class LineFramingTests
{
    private const int Max = LineFraming.MaxLine;

    private static readonly Gen<byte[]> s_piece = Gen.OneOf(
        Gen.Byte.Array[0, 40],
        Gen.OneOf("\n", "\r\n", "\r", "ä", "€", "𝄞", "a\nb\n", "\n\n").Select(Encoding.UTF8.GetBytes),
        Gen.Select(Gen.OneOf("x", "ä", "€", "𝄞", "\r"), Gen.Int[20_000, 70_000]).Select((text, size) => Repeat(text, size)),
        Gen.Select(Gen.Int[-3, 3], Gen.OneOf("\n", "\r\n", ""))
            .Select((more, end) => (byte[])[.. Repeat("x", Max + more), .. Encoding.UTF8.GetBytes(end)]));

    [Fact]
    public void Lines_depend_on_the_bytes_alone_and_not_on_how_they_arrive() =>
        Gen.Select(s_piece.List[0, 8], Gen.Int[1, 70_000].List[1, 20]).Sample((pieces, cuts) =>
        {
            var bytes = pieces.SelectMany(piece => piece).ToArray();
            Assert.Equal(Show(Reference(bytes)), Show(Frame(Split(bytes, cuts))));
        });

    [Fact]
    public void No_piece_of_valid_text_ends_within_a_character() =>
        Gen.OneOf("ä", "€", "𝄞", "a€", "𝄞b").Sample(text =>
        {
            var bytes = Repeat(text, (3 * Max) + 7);
            bytes = bytes[..^(bytes.Length % Encoding.UTF8.GetByteCount(text))];
            var lines = Frame([bytes]);
            Assert.All(lines, line => Assert.True(Utf8.IsValid(line.Bytes.Span)));
            Assert.All(lines.SkipLast(1), line => Assert.InRange(line.Bytes.Length, Max - 3, Max));
            Assert.Equal(bytes, lines.SelectMany(line => line.Bytes.ToArray()));
        });

    [Fact]
    public void A_line_leaves_as_soon_as_it_ends()
    {
        var framing = new LineFraming(OutputStream.Stderr);
        Assert.Empty(framing.Append("one"u8.ToArray()));
        var line = Assert.Single(framing.Append(" line\ntwo"u8.ToArray()));
        Assert.Equal("one line", Encoding.UTF8.GetString(line.Bytes.Span));
        Assert.Equal(OutputStream.Stderr, line.Stream);
        Assert.Equal("two", Encoding.UTF8.GetString(Assert.Single(framing.End()).Bytes.Span));
    }

    [Fact]
    public void A_line_of_exactly_the_limit_is_whole_with_either_line_break()
    {
        foreach (var lineBreak in new[] { "\n", "\r\n" })
        {
            var line = Assert.Single(Frame([Repeat("x", Max), Encoding.UTF8.GetBytes(lineBreak)]));
            Assert.Equal((Max, false), (line.Bytes.Length, line.Partial));
        }
    }

    private static List<OutputLine> Frame(IEnumerable<byte[]> chunks)
    {
        var framing = new LineFraming(OutputStream.Stdout);
        var lines = chunks.SelectMany(chunk => framing.Append(chunk)).ToList();
        lines.AddRange(framing.End());
        return lines;
    }

    // The rule of api.md in its simplest form: split at \n, drop a \r in front of it, and cut lines that are too long.
    private static IEnumerable<OutputLine> Reference(byte[] bytes)
    {
        for (var start = 0; start < bytes.Length;)
        {
            var end = Array.IndexOf(bytes, (byte)'\n', start);
            var line = bytes[start..(end < 0 ? bytes.Length : end)];
            line = end >= 0 && line is [.., (byte)'\r'] ? line[..^1] : line;
            while (line.Length > Max)
            {
                var back = Enumerable.Range(0, 4).FirstOrDefault(n => (line[Max - n] & 0xC0) != 0x80);
                yield return new OutputLine(OutputStream.Stdout, line.AsMemory(0, Max - back), true);
                line = line[(Max - back)..];
            }

            yield return new OutputLine(OutputStream.Stdout, line, false);
            start = end < 0 ? bytes.Length : end + 1;
        }
    }

    private static IEnumerable<string> Show(IEnumerable<OutputLine> lines) =>
        lines.Select(line => $"{line.Partial} {Convert.ToHexString(line.Bytes.Span)}");

    private static IEnumerable<byte[]> Split(byte[] bytes, List<int> cuts)
    {
        for (var (at, next) = (0, 0); at < bytes.Length; next++)
        {
            var size = Math.Min(cuts[next % cuts.Count], bytes.Length - at);
            yield return bytes[at..(at + size)];
            at += size;
        }
    }

    private static byte[] Repeat(string text, int size) =>
        Encoding.UTF8.GetBytes(new StringBuilder().Insert(0, text, (size / Encoding.UTF8.GetByteCount(text)) + 1).ToString())[..size];
}
