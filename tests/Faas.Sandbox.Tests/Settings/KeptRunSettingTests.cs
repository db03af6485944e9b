using System.Net;

namespace Faas.Sandbox.Tests.Settings;

/// <summary>What each key under <c>faas.runs.kept</c> does.</summary>
public sealed class KeptRunSettingTests
{
    private const string Waiting = "import time\nwhile True: time.sleep(1)";

    [Fact]
    [Proves("runs.kept.concurrency")]
    [Proves("runs.kept.queue")]
    [Proves("runs.kept.queue-per-path")]
    [Proves("runs.kept.input-size")]
    [Proves("runs.kept.result-size")]
    [Proves("runs.kept.log-size")]
    [Proves("runs.kept.count")]
    [Proves("runs.kept.readers")]
    public async Task Runs_wait_are_executed_and_are_kept_up_to_their_limits()
    {
        await using var server = await FaasServer.StartAsync(
            "faas.runs.kept { concurrency = 1, queue = 3, queue-per-path = 2, input-size = 20, result-size = 5, log-size = 100, count = 2, readers = 1 }");
        await server.UploadAsync("small", "python", "for i in range(100):\n    print(f'line {i}')\nreturn event");
        await server.UploadAsync("waiting", "python", Waiting);
        using (var large = await KeptRuns.SendAsync(server, "small", new { input = new string('1', 21) }))
        {
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
        }

        var kept = new List<string>();
        foreach (var input in new object[] { 1, 12345, 123456 })
        {
            kept.Add(await KeptRuns.AcceptAsync(server, "small", input));
            var record = await KeptRuns.EndedAsync(server, kept[^1]);
            Assert.Equal(input is 123456, !record.TryGetProperty("result", out _) && record.GetProperty("resultCut").GetBoolean());
            Assert.Equal(4, record.GetProperty("log").GetArrayLength()); // 4 lines of 23 bytes
            Assert.Equal("line 99", record.GetProperty("log")[3].GetProperty("text").GetString());
        }

        Assert.Equal(kept.AsEnumerable().Reverse().Take(2), await KeptRuns.IdsAsync(server));
        var running = await KeptRuns.AcceptAsync(server, "waiting", new { });
        await server.RunsAsync();
        var events = new Uri($"/api/v1/runs/{running}/events", UriKind.Relative);
        using (await server.Client.GetAsync(events, HttpCompletionOption.ResponseHeadersRead))
        using (var second = await server.Client.GetAsync(events))
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);
        }

        await KeptRuns.AcceptAsync(server, "waiting", new { });
        await KeptRuns.AcceptAsync(server, "waiting", new { });
        await AssertIsFullAsync(server, "waiting", "queue-per-path");
        await KeptRuns.AcceptAsync(server, "small", 1);
        await AssertIsFullAsync(server, "small", "(faas.runs.kept.queue)");
        Assert.Equal(1, (await server.LookAsync()).Pool.Busy);
        await KeptRuns.CancelAsync(server, running);
    }

    [Fact]
    [Proves("runs.kept.chain-depth")]
    public async Task No_more_runs_may_follow_the_first_of_a_chain_than_the_setting_says()
    {
        await using var server = await FaasServer.StartAsync("faas.runs.kept.chain-depth = 1");
        await server.UploadAsync("small", "python", "return event");
        using (var longer = await KeptRuns.SendAsync(server, "small", new { then = new { success = new { path = "small", then = "small" } } }))
        {
            Assert.Equal(HttpStatusCode.BadRequest, longer.StatusCode);
            Assert.Contains(
                "nested 2 levels deep; allowed are 1 (faas.runs.kept.chain-depth)", await longer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        using var allowed = await KeptRuns.SendAsync(server, "small", new { then = "small" });
        Assert.Equal(HttpStatusCode.Accepted, allowed.StatusCode);
    }

    [Fact]
    [Proves("runs.kept.batch")]
    public async Task A_batch_has_at_most_as_many_inputs_as_the_setting_says()
    {
        await using var server = await FaasServer.StartAsync("faas.runs.kept.batch = 2");
        await server.UploadAsync("same", "python", "return event");
        using (var many = await Batches.SendAsync(server, "same", [1, 2, 3]))
        {
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, many.StatusCode);
            Assert.Contains("faas.runs.kept.batch", (await many.ReadAsync()).GetRawText(), StringComparison.Ordinal);
        }

        var id = await Batches.AcceptAsync(server, "same", [1, 2]);
        Assert.Equal(2, (await Batches.EndedAsync(server, id)).GetProperty("reasons").GetProperty("ok").GetInt32());
    }

    [Fact]
    [Proves("runs.kept.max-age")]
    [Proves("runs.kept.max-size")]
    [Proves("runs.kept.enabled")]
    public async Task A_record_is_kept_for_so_long_and_while_there_is_room()
    {
        var server = await FaasServer.StartAsync("faas.runs.kept.max-size = 64k");
        try
        {
            await server.UploadAsync("large", "python", "return 'x' * 30000");
            var ids = new List<string>();
            for (var run = 0; run < 3; run++)
            {
                ids.Add(await KeptRuns.AcceptAsync(server, "large", new { }));
                await KeptRuns.EndedAsync(server, ids[^1]);
            }

            Assert.Equal(ids.AsEnumerable().Reverse().Take(2), await KeptRuns.IdsAsync(server));
            server = await RestartedAsync(server, "faas.runs.kept.enabled = false");
            using (var refused = await KeptRuns.SendAsync(server, "large", new { }))
            {
                Assert.Equal(HttpStatusCode.NotImplemented, refused.StatusCode);
            }

            Assert.Equal(2, (await KeptRuns.IdsAsync(server)).Count);
            server = await RestartedAsync(server, "faas.runs.kept.max-age = 1s");
            await Eventually.HoldsAsync(
                async () => (await KeptRuns.IdsAsync(server)).Count == 0, TimeSpan.FromSeconds(30), () => "they are still there");
            await server.EndAsync();
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    [Fact]
    [Proves("runs.kept.pending-size")]
    public async Task Records_up_to_the_setting_wait_for_a_store_that_is_away_and_are_written_when_it_is_back()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var server = await FaasServer.StartAsync(
            "faas.runs.kept.pending-size = 64k\nfaas.store.redis { timeout = 1, lease = 0 }", null, redis.Environment);
        await server.UploadAsync("small", "python", "return 1");
        await CallAsync(); // its code is in memory then
        redis.Pause();
        var (kept, warnings) = (0, (string?)null);
        while (warnings?.Contains("faas.runs.kept.pending-size", StringComparison.Ordinal) != true)
        {
            (var location, warnings) = await CallAsync();
            kept += location is null ? 0 : 1;
            Assert.True(kept <= 64, $"{kept} records of at least 1k wait");
        }

        redis.Resume();
        await Eventually.HoldsAsync(
            async () =>
            {
                using var list = await server.Client.GetAsync(new Uri("/api/v1/runs?kept=true&limit=100", UriKind.Relative));
                return list.IsSuccessStatusCode && (await list.ReadAsync()).GetProperty("runs").GetArrayLength() == kept + 1;
            },
            TimeSpan.FromSeconds(30),
            () => $"not {kept + 1} records");
        await server.EndAsync();

        async Task<(Uri?, string?)> CallAsync()
        {
            using var answer = await server.PostAsync("/run/small", new { keep = true });
            answer.EnsureSuccessStatusCode();
            return (answer.Headers.Location, answer.Headers.TryGetValues("X-Warnings", out var told) ? told.Single() : null);
        }
    }

    private static async Task AssertIsFullAsync(FaasServer server, string path, string says)
    {
        using var full = await KeptRuns.SendAsync(server, path, new { });
        Assert.Equal(HttpStatusCode.TooManyRequests, full.StatusCode);
        Assert.Contains(says, await full.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static async Task<FaasServer> RestartedAsync(FaasServer server, string settings)
    {
        Assert.Equal(0, await server.StopAsync());
        await server.DisposeAsync();
        return await FaasServer.StartAsync(settings, server.Folder);
    }
}
