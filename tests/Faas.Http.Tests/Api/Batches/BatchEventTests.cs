using System.Net;
using System.Text;
using System.Text.Json;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Batches;
using Faas.Actors.Runs.Kept;
using Faas.Http.Tests.Testing;
using Faas.Testing;
using Xunit;

namespace Faas.Http.Tests.Api.Batches;

/// <summary>The events of batches over real sockets; the store is one in memory, and the test executes the runs.</summary>
public sealed class BatchEventTests
{
    private static readonly KeptSeat s_seat = new("node", "start", 0);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(40);

    [Fact]
    public async Task The_answer_to_a_batch_may_be_its_stream()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/batch/math/add")
        {
            Content = new StringContent("""{"inputs": [1, 2], "stream": true}""", Encoding.UTF8, "application/json"),
        };
        using var answer = await faas.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal((HttpStatusCode.OK, "text/event-stream"), (answer.StatusCode, $"{answer.Content.Headers.ContentType}"));
        var id = Uri.UnescapeDataString(answer.Header("Location")!.Split('/')[^1]);
        using var events = new StreamReader(await answer.Content.ReadAsStreamAsync());
        await EndAsync(faas, new KeptEnd { Reason = "ok", Type = DataType.Json }, "[1,\n 2]");
        Assert.Equal(
            $$$"""id: 1|data: {"event":"result","index":0,"run":"{{{BatchIds.RunOf(id, 0)}}}","reason":"ok","data":[1,  2],"type":"json","progress":{"ended":1,"count":2}}|""",
            await NextAsync(events));
        await EndAsync(faas, new KeptEnd { Reason = "timeout" }, "");
        Assert.Equal(
            $$$"""id: 2|data: {"event":"error","index":1,"run":"{{{BatchIds.RunOf(id, 1)}}}","reason":"timeout","data":"The script ran longer than it may.","type":"text","progress":{"ended":2,"count":2}}|""",
            await NextAsync(events));
        Assert.Equal(
            """id: 3|data: {"event":"end","data":{"ok":1,"timeout":1},"type":"json","progress":{"ended":2,"count":2}}|""",
            await NextAsync(events));
        Assert.Null(await events.ReadLineAsync());
    }

    [Fact]
    public async Task A_stream_that_is_cut_anywhere_and_taken_up_again_has_the_bytes_of_one_that_is_not()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        var id = await AcceptAsync(faas, 100);
        for (var run = 0; run < 100; run++)
        {
            await (run % 3 == 0
                ? EndAsync(faas, new KeptEnd { Reason = "error", Detail = "größer" }, "")
                : EndAsync(faas, new KeptEnd { Reason = "ok", Type = DataType.Number }, $"{run}"));
        }

        var whole = await faas.Client.GetByteArrayAsync(Route(id));
        Assert.Equal(101, Encoding.UTF8.GetString(whole).Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Length);
        var (random, got, cuts) = (new Random(19), new List<byte>(), 0);
        while (await faas.Client.ReadEventsAsync(
            $"{Route(id)}", got, cuts < 20 ? random.Next(1, whole.Length / 10) : int.MaxValue, s_patience))
        {
            cuts++;
        }

        Assert.True(cuts >= 20);
        Assert.Equal(whole, got);
    }

    [Fact]
    public async Task What_is_not_kept_is_told_so()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        var id = await AcceptAsync(faas, 2);
        await EndAsync(faas, new KeptEnd { Reason = "ok", Type = DataType.String, ResultCut = true }, "");
        await EndAsync(faas, new KeptEnd { Reason = "ok" }, "1");
        await faas.Client.GetStringAsync($"/api/v1/batches/{id}"); // the double of the store notes the ends
        faas.Kept.Forget(BatchIds.RunOf(id, 1));
        var events = (await faas.Client.GetStringAsync(Route(id))).Split("\n\n");
        Assert.Contains("\"data\":null,\"type\":\"string\",\"resultCut\":true,", events[0], StringComparison.Ordinal);
        Assert.Contains("\"data\":null,\"type\":\"json\",\"gone\":true,", events[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_comes_again_is_told_to_stop_or_that_nothing_is_there()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        var id = await AcceptAsync(faas, 1);
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync(faas, id, "1"));
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync(faas, id, "-1"));
        await EndAsync(faas, new KeptEnd { Reason = "ok" }, "1");
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(faas, id, "1"));
        Assert.Equal(HttpStatusCode.NoContent, await StatusAsync(faas, id, "2"));
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync(faas, id, "3"));
        faas.Batches.Forget(id);
        Assert.Equal(HttpStatusCode.Gone, await StatusAsync(faas, id, "1"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(faas, id, null));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(faas, "nonsense", "1"));
    }

    [Fact]
    public async Task Readers_are_bounded_and_a_batch_that_finds_no_place_for_its_reader_is_not_accepted()
    {
        await using var faas = await FaasUnderTest.StartAsync(options: all => all with { KeptRuns = all.KeptRuns with { Readers = 1 } });
        var id = await AcceptAsync(faas, 1);
        using (await faas.Client.GetAsync(Route(id), HttpCompletionOption.ResponseHeadersRead))
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, await StatusAsync(faas, id, null));
            using var refused = await faas.PostAsync("/batch/math/add", """{"inputs": [1], "stream": true}""");
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            Assert.Single(faas.Kept.All);
        }

        await EndAsync(faas, new KeptEnd { Reason = "ok" }, "1");
        await Eventually.HoldsAsync(
            async () => await StatusAsync(faas, id, null) == HttpStatusCode.OK, TimeSpan.FromSeconds(20), () => "no place is free");
    }

    private static Uri Route(string id) => new($"/api/v1/batches/{id}/events", UriKind.Relative);

    private static async Task<HttpStatusCode> StatusAsync(FaasUnderTest faas, string id, string? known)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Route(id));
        if (known is not null)
        {
            request.Headers.Add("Last-Event-ID", known);
        }

        using var answer = await faas.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return answer.StatusCode;
    }

    private static async Task<string> AcceptAsync(FaasUnderTest faas, int count)
    {
        using var answer = await faas.PostAsync(
            "/batch/math/add", $"{{\"inputs\": [{string.Join(',', Enumerable.Range(0, count))}]}}");
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return body.RootElement.GetProperty("id").GetString()!;
    }

    private static async Task EndAsync(FaasUnderTest faas, KeptEnd end, string value)
    {
        var taken = (await faas.Kept.TakeAsync(s_seat, default)).Run!;
        await faas.Kept.EndAsync(s_seat, taken.Id, new KeptOutcome(end, Encoding.UTF8.GetBytes(value), KeptRest.None), default);
    }

    private static async Task<string> NextAsync(StreamReader events)
    {
        var all = new StringBuilder();
        while (await events.ReadLineAsync() is { Length: > 0 } line)
        {
            all.Append(line).Append('|');
        }

        return $"{all}";
    }
}
