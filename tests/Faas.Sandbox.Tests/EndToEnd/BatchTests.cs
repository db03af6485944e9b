using System.Net;
using System.Text;
using System.Text.Json;

namespace Faas.Sandbox.Tests.EndToEnd;

/// <summary>Batches in real sandboxes and a real Redis.</summary>
public sealed class BatchTests
{
    private const int Inputs = 200, Cuts = 10;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task A_stream_that_is_cut_ten_times_tells_each_of_two_hundred_results_once()
    {
        await using var server = await FaasServer.StartAsync();
        await server.UploadAsync("square", "python", "if event % 7 == 0: raise ValueError(f'größer {event}')\nreturn event * event");
        var id = await Batches.AcceptAsync(server, "square", Enumerable.Range(0, Inputs).Cast<object>());
        var (got, cuts, random) = (new List<byte>(), 0, new Random(19));
        while (await server.Client.ReadEventsAsync(Route(id), got, cuts < Cuts ? random.Next(200, 2000) : int.MaxValue, s_patience))
        {
            cuts++;
        }

        Assert.True(cuts >= Cuts, $"{cuts} cuts");
        var whole = await server.Client.GetByteArrayAsync(new Uri(Route(id), UriKind.Relative));
        Assert.Equal(Encoding.UTF8.GetString(whole), CutEvents.WithoutPings(Encoding.UTF8.GetString([.. got])));
        var events = Encoding.UTF8.GetString(whole).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Enumerable.Range(1, Inputs + 1).Select(number => $"id: {number}"), events.Select(one => one.Split('\n')[0]));
        var failed = (Inputs + 6) / 7;
        var data = events[..^1].Select(one => JsonDocument.Parse(one.Split("\ndata: ")[1]).RootElement).ToList();
        Assert.Equal(Enumerable.Range(0, Inputs), data.Select(one => one.GetProperty("index").GetInt32()).Order());
        Assert.Equal(failed, data.Count(one => one.GetProperty("event").GetString() == "error"));
        Assert.EndsWith(
            $"{{\"event\":\"end\",\"data\":{{\"error\":{failed},\"ok\":{Inputs - failed}}},\"type\":\"json\",\"progress\":{{\"ended\":{Inputs},\"count\":{Inputs}}}}}",
            events[^1],
            StringComparison.Ordinal);

        var results = await Batches.ResultsAsync(server, id);
        Assert.Equal(Enumerable.Range(0, Inputs), results.Select(one => one.GetProperty("index").GetInt32()));
        Assert.All(results.Index(), one => Assert.Equal(
            one.Index % 7 == 0 ? $"größer {one.Index}" : $"{one.Index * one.Index}",
            one.Index % 7 == 0
                ? one.Item.GetProperty("error").GetProperty("message").GetString()
                : one.Item.GetProperty("result").GetRawText()));
        await server.EndAsync();
    }

    [Fact]
    public async Task A_batch_is_cancelled_with_the_runs_that_are_executed()
    {
        await using var server = await FaasServer.StartAsync("faas.runs.kept.concurrency = 2");
        await server.UploadAsync("waiting", "python", "import time\nwhile event: time.sleep(1)");
        var id = await Batches.AcceptAsync(server, "waiting", [0, 1, 1, 1, 1]);
        await Eventually.HoldsAsync(
            async () => (await Batches.FindAsync(server, id)) is var found
                && found.GetProperty("running").GetInt32() == 2 && found.GetProperty("ended").GetInt32() == 1,
            s_patience,
            () => server.Log);
        await server.RunsAsync();
        using var answer = await server.Client.DeleteAsync(new Uri($"/api/v1/batches/{id}", UriKind.Relative));
        var record = await answer.ReadAsync();
        Assert.Equal((HttpStatusCode.OK, "ended"), (answer.StatusCode, record.GetProperty("state").GetString()));
        Assert.Equal("""{"cancelled":4,"ok":1}""", record.GetProperty("reasons").GetRawText());
        Assert.Equal(0, (await server.LookAsync()).Pool.Busy);
        await server.EndAsync();
    }

    private static string Route(string id) => $"/api/v1/batches/{id}/events";
}
