using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;

namespace Faas.Sandbox.Tests.EndToEnd;

/// <summary>The events of kept runs in real sandboxes and a real Redis, to clients that lose their connections.</summary>
public sealed class KeptEventTests
{
    private const int Cuts = 100;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(40);

    private const string Printing = """
        import sys, time
        for i in range(300):
            print(f'größer {i}' if i % 3 else i)
            if i % 7 == 0:
                print('care', file=sys.stderr, flush=True)
            if i % 10 == 0:
                sys.stdout.flush()
                time.sleep(0.02)
        print('x' * 100_000)
        print('no line break', end='')
        return 'done'
        """;

    [Fact]
    public async Task A_stream_that_is_cut_a_hundred_times_has_the_bytes_of_one_that_is_not()
    {
        await using var server = await FaasServer.StartAsync();
        await server.UploadAsync("printing", "python", Printing);
        var id = await KeptRuns.AcceptAsync(server, "printing", new { });
        var (got, cuts, random) = (new List<byte>(), 0, new Random(19));
        while (await server.Client.ReadEventsAsync(Route(id), got, cuts < Cuts ? random.Next(1, 800) : int.MaxValue, s_patience))
        {
            cuts++;
        }

        Assert.True(cuts >= Cuts, $"{cuts} cuts");
        var whole = await server.Client.GetByteArrayAsync(new Uri(Route(id), UriKind.Relative));
        var text = WithoutTheWait(Encoding.UTF8.GetString([.. got]));
        Assert.Equal(Encoding.UTF8.GetString(whole), text);
        Assert.Contains("{\"event\":\"result\",\"data\":\"done\",\"type\":\"string\",\"stats\":", text, StringComparison.Ordinal);
        Assert.Contains("{\"event\":\"log\",\"data\":\"no line break\",\"type\":\"text\"}", text, StringComparison.Ordinal);

        // A client that others have made.
        id = await KeptRuns.AcceptAsync(server, "printing", new { });
        var (said, ids) = (await FollowAsync(new Uri(server.Address, Route(id)), cuts: 12), new List<string>());
        var record = await KeptRuns.FindAsync(server, id);
        Assert.Equal(("ended", 1), (record.GetProperty("state").GetString(), record.GetProperty("attempt").GetInt32()));
        Assert.EndsWith(" 204", said[^1], StringComparison.Ordinal);
        Assert.True(int.Parse(said[^1].Split(' ')[0], null) > 12, said[^1]);
        ids.AddRange(said[..^1].Select(line => line.Split(' ')[0]).Where(one => one.Length > 0));
        Assert.Equal(Enumerable.Range(0, record.GetProperty("log").GetArrayLength() + 2).Select(number => $"{number}"), ids);
        Assert.Equal(2, (await KeptRuns.IdsAsync(server)).Count);
        await server.EndAsync();
    }

    [Fact]
    public async Task A_stream_of_a_call_that_is_cut_goes_on_at_the_events_of_its_run_with_the_same_bytes()
    {
        await using var server = await FaasServer.StartAsync();
        await server.UploadAsync("printing", "python", Printing);
        var random = new Random(23);
        for (var cut = 0; cut < 20; cut++)
        {
            var (id, got) = await StreamSomeAsync(server, "printing", random.Next(0, 20_000));
            while (await server.Client.ReadEventsAsync(Route(id), got, int.MaxValue, s_patience))
            {
                // until it is told to stop
            }

            await AssertIsWholeAsync(server, id, got);
        }

        var (uncut, all) = await StreamSomeAsync(server, "printing", int.MaxValue);
        await AssertIsWholeAsync(server, uncut, all);
        Assert.Equal(21, (await KeptRuns.IdsAsync(server)).Count);
        await server.EndAsync();
    }

    [Theory]
    [InlineData("raise ValueError('x' * 5000 + 'ä')")]
    [InlineData("import sys\nsys.stdout.buffer.write(b'\"a\\xff\"\\n{}\\n')\nsys.exit(3)")]
    [InlineData("print('a\\nb')\nreturn {'c': [1, 2.5, None]}")]
    public async Task A_stream_and_the_events_of_its_run_have_the_same_bytes_whatever_is_printed_and_thrown(string code)
    {
        await using var server = await FaasServer.StartAsync();
        await server.UploadAsync("odd", "python", code);
        var (id, got) = await StreamSomeAsync(server, "odd", int.MaxValue);
        await AssertIsWholeAsync(server, id, got);
        await server.EndAsync();
    }

    [Fact]
    public async Task A_stream_that_is_kept_ends_when_its_run_is_cancelled()
    {
        await using var server = await FaasServer.StartAsync();
        await server.UploadAsync("waiting", "python", "import time\nprint('begun', flush=True)\ntime.sleep(600)");
        var (id, got) = await StreamSomeAsync(server, "waiting", 1);
        Assert.Empty(got);
        await server.RunsAsync();
        var record = await KeptRuns.CancelAsync(server, id);
        Assert.Equal(("cancelled", 1), (record.GetProperty("reason").GetString(), record.GetProperty("attempt").GetInt32()));
        Assert.True(await server.Client.ReadEventsAsync(Route(id), got, int.MaxValue, s_patience));
        Assert.Contains("\"reason\":\"cancelled\"", Encoding.UTF8.GetString([.. got]), StringComparison.Ordinal);
        await server.EndAsync();
    }

    [Fact]
    public async Task The_events_of_a_run_whose_server_was_killed_end_with_that_at_the_next_start()
    {
        await using var server = await FaasServer.StartAsync();
        await server.UploadAsync("printing", "javascript", "console.log('before'); await new Promise(() => setTimeout(() => {}, 1e6))");
        var id = await KeptRuns.AcceptAsync(server, "printing", new { });
        var got = new List<byte>();
        await server.Client.ReadEventsAsync(Route(id), got, int.MaxValue, s_patience, until: "before");
        await server.KillAsync();
        await using var next = await FaasServer.StartAsync("", server.Folder);
        await KeptRuns.EndedAsync(next, id);
        Assert.True(await next.Client.ReadEventsAsync(Route(id), got, int.MaxValue, s_patience));
        Assert.False(await next.Client.ReadEventsAsync(Route(id), got, int.MaxValue, s_patience));
        Assert.Equal(
            """
            id: 0
            data: {"event":"state","data":"running","type":"text"}

            id: 1
            data: {"event":"log","data":"before","type":"text"}

            id: 2
            data: {"event":"error","data":"The server that executed the run ended.","type":"text","reason":"sandbox"
            """,
            WithoutTheWait(Encoding.UTF8.GetString([.. got])).Split(",\"stats\"")[0]);
        await next.EndAsync();
    }

    private static string Route(string id) => $"/api/v1/runs/{id}/events";

    // The stream of a call, whose connection is cut after a number of bytes.
    private static async Task<(string Id, List<byte> Got)> StreamSomeAsync(FaasServer server, string path, int most)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"/run/{path}", UriKind.Relative))
        {
            Content = JsonContent.Create(new { keep = true, stream = true }),
        };
        using var patience = new CancellationTokenSource(s_patience);
        using var answer = await server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
        answer.EnsureSuccessStatusCode();
        await using var body = await answer.Content.ReadAsStreamAsync(patience.Token);
        var got = new List<byte>();
        await CutEvents.TakeAsync(body, got, most, until: null, patience.Token);
        return (Uri.UnescapeDataString(answer.Headers.Location!.OriginalString.Split('/')[^1]), got);
    }

    // All events of the run but the first one, which says that it has begun: no stream of a call has that.
    private static async Task AssertIsWholeAsync(FaasServer server, string id, List<byte> got)
    {
        const string begun = "id: 0\ndata: {\"event\":\"state\",\"data\":\"running\",\"type\":\"text\"}\n\n";
        var whole = await server.Client.GetStringAsync(new Uri(Route(id), UriKind.Relative));
        var told = WithoutTheWait(Encoding.UTF8.GetString([.. got])).Replace(begun, "", StringComparison.Ordinal);
        Assert.Equal(whole.Replace(begun, "", StringComparison.Ordinal), told);
        var record = await KeptRuns.FindAsync(server, id);
        Assert.Equal(("ended", 1), (record.GetProperty("state").GetString(), record.GetProperty("attempt").GetInt32()));
    }

    // That the run waits has no number, and is told to each client that comes before it starts; so is a sign of life.
    private static string WithoutTheWait(string events) => CutEvents.WithoutPings(events)
        .Replace("data: {\"event\":\"state\",\"data\":\"queued\",\"type\":\"text\"}\n\n", "", StringComparison.Ordinal);

    private static async Task<string[]> FollowAsync(Uri events, int cuts)
    {
        var start = new ProcessStartInfo(
            Repository.File("runtimes/node_modules/.bin/node"),
            ["--no-warnings", Repository.File("tests/eventsource/client.ts"), $"{events}", $"{cuts}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        try
        {
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            using var patience = new CancellationTokenSource(s_patience);
            await process.WaitForExitAsync(patience.Token);
            Assert.Equal("", await errors);
            return (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }
}
