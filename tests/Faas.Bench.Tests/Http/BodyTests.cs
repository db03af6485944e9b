using System.Text;
using CsCheck;
using Faas.Bench.Http;
using Xunit;

namespace Faas.Bench.Tests.Http;

public sealed class BodyTests
{
    private const int Most = 2000;
    private static readonly Gen<(int Piece, int Events)> s_cuts = Gen.Select(Gen.Int[1, 2000], Gen.Int[0, 100]);

    [Fact]
    public void It_counts_lines_and_keeps_the_end_however_they_are_cut() => s_cuts.Sample((piece, events) =>
    {
        var text = string.Concat(Enumerable.Range(1, events).Select(id => $"id: {id}\ndata: {{\"event\":\"log\"}}\n\n"));
        var body = new Body(Most);
        body.Begin();
        foreach (var part in Encoding.UTF8.GetBytes(text).Chunk(piece))
        {
            body.Take(part);
        }

        Assert.Equal((events * 3, text[^Math.Min(512, text.Length)..]), ((int)body.Lines, body.Tail));
        Assert.InRange(body.End.Length, Math.Min(text.Length, 512), Most + piece);
    });

    [Fact]
    public void It_forgets_the_response_before()
    {
        var body = new Body();
        body.Take("id: 1\ndata: {}\n\n"u8);
        body.Begin();
        Assert.Equal((0, ""), (body.Lines, body.Tail));
    }
}
