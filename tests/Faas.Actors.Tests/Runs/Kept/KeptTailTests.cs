using System.Text;
using CsCheck;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Output;
using Xunit;

namespace Faas.Actors.Tests.Runs.Kept;

/// <summary>Numbers the lines of a run, and bounds those that wait to be stored.</summary>
public sealed class KeptTailTests
{
    [Fact]
    public void Lines_are_numbered_by_their_ends_and_wait_in_pieces_until_they_are_stored()
    {
        var tail = new KeptTail(10_000);
        tail.Append(OutputStream.Stdout, Bytes("be"));
        tail.Append(OutputStream.Stderr, Bytes("care\n"));
        tail.Append(OutputStream.Stdout, Bytes("gin\nopen"));
        var piece = Assert.Single(tail.Next());
        Assert.Equal((1, 2, "care begin", 41), (piece.First, piece.Last, Text([piece]), piece.Bytes));
        tail.Append(OutputStream.Stdout, Bytes(" end"));
        tail.Stored(2);
        Assert.True(tail.IsEmpty);
        tail.End();
        piece = Assert.Single(tail.Rest());
        Assert.Equal((3, "open end", 3), (piece.Last, Text([piece]), tail.Count));
    }

    [Fact]
    public void The_lines_of_a_later_attempt_are_counted_on()
    {
        var tail = new KeptTail(10_000, before: 7);
        Assert.Equal((7L, false), (tail.Count, tail.HasAny));
        tail.Append(OutputStream.Stdout, Bytes("one\ntwo\n"));
        var piece = Assert.Single(tail.Rest());
        Assert.Equal((8L, 9L, 9L, true), (piece.First, piece.Last, tail.Count, tail.HasAny));
    }

    [Fact]
    public void A_line_of_several_pieces_says_so_even_where_its_beginning_is_not_kept()
    {
        var tail = new KeptTail(100_000);
        tail.Append(OutputStream.Stdout, new byte[LineFraming.MaxLine + 10]);
        tail.Append(OutputStream.Stderr, Bytes("between\n"));
        tail.Append(OutputStream.Stdout, Bytes("\nnext\n"));
        var lines = tail.Rest().SelectMany(piece => piece.Lines).ToList();
        Assert.Equal(
            [(true, false), (false, false), (false, true), (false, false)], lines.Select(line => (line.Partial, line.Rest)));
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(18, "")]
    [InlineData(20, "last")]
    [InlineData(42, "third last")]
    [InlineData(400, "one two third last")]
    public void The_oldest_lines_make_room_and_their_numbers_are_missing(int most, string kept)
    {
        var tail = new KeptTail(most);
        tail.Append(OutputStream.Stdout, Bytes("one\ntwo\nthird\nlast\n"));
        Assert.Equal((kept, 4), (Text(tail.Rest()), tail.Count));
        Assert.All(tail.Rest().Take(1), piece => Assert.Equal(5 - kept.Split(' ').Length, piece.First));
    }

    [Fact]
    public void The_pieces_of_any_output_are_its_lines_in_order_however_it_comes_and_is_stored() =>
        Gen.Select(
            Gen.Int[0, 600],
            Gen.Select(Gen.OneOf("a", "b\n", "ccccccc\n", "größer\n", "\n", ""), Gen.Bool, Gen.Int[0, 3]).List[0, 60])
            .Sample((most, steps) =>
            {
                var (tail, all, stored) = (new KeptTail(most), new List<string>(), new Dictionary<long, string>());
                var open = new[] { "", "" };
                foreach (var (text, isStderr, chance) in steps)
                {
                    var at = isStderr ? 1 : 0;
                    tail.Append((OutputStream)at, Bytes(text));
                    open[at] += text;
                    if (open[at].EndsWith('\n'))
                    {
                        all.Add(open[at][..^1]);
                        open[at] = "";
                    }

                    if (chance == 0)
                    {
                        Store(tail.Next());
                    }
                }

                tail.End();
                all.AddRange(open.Where(rest => rest.Length > 0));
                Store(tail.Rest());
                Assert.Equal(all.Count, tail.Count);
                Assert.All(stored, line => Assert.Equal(all[(int)line.Key - 1], line.Value));
                if (all.Sum(line => 16 + Encoding.UTF8.GetByteCount(line)) <= most)
                {
                    Assert.Equal(all.Count, stored.Count);
                }

                void Store(IReadOnlyList<KeptPiece> pieces)
                {
                    Assert.True(pieces.Sum(piece => piece.Bytes) <= most);
                    foreach (var piece in pieces)
                    {
                        Assert.Equal(piece.Bytes, piece.Lines.Sum(KeptTail.BytesOf));
                        Assert.True(piece.Lines.Count == 1 || piece.Bytes <= most / 4);
                        for (var line = 0; line < piece.Lines.Count; line++)
                        {
                            Assert.True(stored.TryAdd(piece.First + line, piece.Lines[line].Text));
                        }

                        tail.Stored(piece.Last);
                    }
                }
            });

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Text(IReadOnlyList<KeptPiece> pieces) =>
        string.Join(' ', pieces.SelectMany(piece => piece.Lines).Select(line => line.Text));
}
