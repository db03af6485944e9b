using System.Text;
using CsCheck;
using Faas.Bench.Http;
using Xunit;

namespace Faas.Bench.Tests.Http;

public sealed class EventCountTests
{
    [Fact]
    public void It_counts_messages_and_keeps_the_end_however_they_are_cut() => Gen.Select(Gen.Int[1, 2000], Gen.Int[0, 100]).Sample((piece, events) =>
    {
        var text = string.Concat(Enumerable.Range(1, events).Select(id => $"id: {id}\ndata: {{\"event\":\"log\"}}\n\n"));
        var count = new EventCount();
        count.Begin();
        foreach (var part in Encoding.UTF8.GetBytes(text).Chunk(piece))
        {
            count.Take(part);
        }

        Assert.Equal((events, text[^Math.Min(512, text.Length)..]), ((int)count.Events, count.Tail));
    });

    [Fact]
    public void It_forgets_the_response_before()
    {
        var count = new EventCount();
        count.Take("id: 1\ndata: {}\n\n"u8);
        count.Begin();
        Assert.Equal((0, ""), (count.Events, count.Tail));
    }
}
