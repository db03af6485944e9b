using System.Net.Http.Json;
using System.Text.Json;

namespace Faas.Sandbox.Tests.EndToEnd;

/// <summary>Asynchronous runs in real sandboxes: what their records say, and that a cancelled one is dead.</summary>
public sealed class KeptRunTests
{
    private const string Secret = "hunter2-hunter2";

    private const string Node = """
        console.log('one ' + secrets.TOKEN); console.error('two'); return { it: secrets.TOKEN, got: event.a };
        """;

    private const string Python = """
        import sys
        print('one ' + secrets.TOKEN)
        print('two', file=sys.stderr)
        return {'it': secrets.TOKEN, 'got': event['a']}
        """;

    [Fact]
    public async Task The_record_has_the_masked_value_and_output_and_survives_the_server()
    {
        var server = await FaasServer.StartAsync();
        try
        {
            using var secret = await server.Client.PutAsync(
                new Uri("/api/v1/secrets/TOKEN", UriKind.Relative), JsonContent.Create(new { value = Secret }));
            secret.EnsureSuccessStatusCode();
            var ids = new List<string>();
            foreach (var (language, code) in new[] { ("javascript", Node), ("python", Python) })
            {
                using var upload = await server.PostAsync("/upload", new { path = language, language, code, secrets = new[] { "TOKEN" } });
                upload.EnsureSuccessStatusCode();
                var id = await KeptRuns.AcceptAsync(server, language, new { a = 7 });
                AssertIsWhole(await KeptRuns.EndedAsync(server, id));
                ids.Add(id);
            }

            await server.UploadAsync("failing", "python", "print('before')\nraise ValueError('no')");
            var failed = await KeptRuns.EndedAsync(server, await KeptRuns.AcceptAsync(server, "failing", new { }));
            Assert.Equal(("error", 500, "no"), (
                failed.GetProperty("reason").GetString(), failed.GetProperty("status").GetInt32(),
                failed.GetProperty("error").GetProperty("message").GetString()));
            var folder = server.Folder;
            Assert.Equal(0, await server.StopAsync());
            await server.DisposeAsync();
            server = await FaasServer.StartAsync("", folder);
            AssertIsWhole(await KeptRuns.EndedAsync(server, ids[0]));
            await server.EndAsync();
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_call_that_is_sent_again_after_its_client_had_left_gets_the_value_of_the_first_run()
    {
        await using var server = await FaasServer.StartAsync();
        await server.UploadAsync("once", "python", "import time, uuid\ntime.sleep(event['seconds'])\nreturn str(uuid.uuid4())");
        using var leaving = new CancellationTokenSource();
        var first = CallAsync(0.5, null, leaving.Token);
        await server.RunsAsync();
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        var values = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => CallAsync(0.5, "wait=30", default)));
        Assert.Equal(36, Assert.Single(values.Distinct()).Length);
        Assert.Equal("idempotency_key_reused", await CallAsync(0, null, default));
        await server.EndAsync();

        async Task<string> CallAsync(double seconds, string? prefer, CancellationToken cancellation)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/run/once", UriKind.Relative))
            {
                Content = JsonContent.Create(new { input = new { seconds } }),
            };
            request.Headers.Add("Idempotency-Key", "8e03978e-40d5-43e8-bc93-6894a57f9324");
            request.Headers.Add("Prefer", prefer ?? "wait=0");
            using var answer = await server.Client.SendAsync(request, cancellation);
            var body = await answer.ReadAsync();
            return (body.TryGetProperty("data", out var value) ? value : body.GetProperty("reason")).GetString()!;
        }
    }

    [Fact]
    public async Task When_a_cancellation_is_answered_no_process_of_the_run_is_alive()
    {
        await using var server = await FaasServer.StartAsync("faas.runs.kept.concurrency = 1");
        await server.UploadAsync("sleeping", "python", "import subprocess\nsubprocess.run(['sleep', '600'])");
        var running = await KeptRuns.AcceptAsync(server, "sleeping", new { });
        var waiting = await KeptRuns.AcceptAsync(server, "sleeping", new { });
        await server.RunsAsync();
        var ended = await KeptRuns.CancelAsync(server, waiting);
        Assert.Equal(("cancelled", 0), (ended.GetProperty("reason").GetString(), ended.GetProperty("attempt").GetInt32()));
        ended = await KeptRuns.CancelAsync(server, running);
        Assert.DoesNotContain(server.Processes(), process => process.IsOfInvocation);
        Assert.Equal(("cancelled", 1), (ended.GetProperty("reason").GetString(), ended.GetProperty("attempt").GetInt32()));

        // A run that is stopped with its server has started, and so is over.
        var last = await KeptRuns.AcceptAsync(server, "sleeping", new { });
        await server.RunsAsync();
        await server.KillAsync();
        await using var next = await FaasServer.StartAsync("", server.Folder);
        Assert.Equal("sandbox", (await KeptRuns.EndedAsync(next, last)).GetProperty("reason").GetString());
        Assert.Equal(1, (await KeptRuns.EndedAsync(next, last)).GetProperty("attempt").GetInt32());
        await next.EndAsync();
    }

    [Fact]
    public async Task A_script_that_fails_twice_is_started_three_times_and_one_that_goes_on_failing_as_often_as_it_says()
    {
        await using var server = await FaasServer.StartAsync();
        await UploadAsync(server, "third", "shared", "javascript", """
            globalThis.starts = (globalThis.starts ?? 0) + 1; // a shared process keeps it
            console.log('start ' + globalThis.starts);
            if (globalThis.starts < 3) throw new Error('not yet ' + globalThis.starts);
            return globalThis.starts;
            """, new { attempts = 4, delay = "20ms" });
        var ended = await KeptRuns.EndedAsync(server, await KeptRuns.AcceptAsync(server, "third", new { }));
        Assert.Equal(("ok", 3, 3), (
            ended.GetProperty("reason").GetString(), ended.GetProperty("attempt").GetInt32(), ended.GetProperty("result").GetInt32()));
        Assert.Equal(
            ["start 1", "start 2", "start 3"],
            ended.GetProperty("log").EnumerateArray().Select(line => line.GetProperty("text").GetString()));
        Assert.Contains("not yet 2", ended.GetProperty("failure").GetProperty("detail").GetString(), StringComparison.Ordinal);

        await UploadAsync(server, "failing", "process", "python", "raise ValueError('no')", new { attempts = 2, on = new[] { "error" }, delay = 0 });
        ended = await KeptRuns.EndedAsync(server, await KeptRuns.AcceptAsync(server, "failing", new { }));
        Assert.Equal(("error", 2, true), (
            ended.GetProperty("reason").GetString(), ended.GetProperty("attempt").GetInt32(), ended.GetProperty("dead").GetBoolean()));
        await server.EndAsync();
    }

    [Fact]
    public async Task The_run_of_a_killed_server_is_started_again_if_its_version_says_so()
    {
        await using var server = await FaasServer.StartAsync();
        var retry = new { attempts = 3, on = new[] { "sandbox" }, delay = 0 };
        await UploadAsync(server, "sleeping", "process", "python", "import time\ntime.sleep(600)", retry);
        var last = await KeptRuns.AcceptAsync(server, "sleeping", new { });
        await server.RunsAsync();
        await server.KillAsync();
        await using var next = await FaasServer.StartAsync("", server.Folder);
        JsonElement record = default;
        await Eventually.HoldsAsync(
            async () => (record = await KeptRuns.FindAsync(next, last)).GetProperty("attempt").GetInt32() == 2
                && record.GetProperty("state").GetString() == "running",
            TimeSpan.FromMinutes(1),
            () => $"{record}");
        Assert.Equal("The server that executed the run ended.", record.GetProperty("failure").GetProperty("detail").GetString());
        Assert.Equal("cancelled", (await KeptRuns.CancelAsync(next, last)).GetProperty("reason").GetString());
        await next.EndAsync();
    }

    [Fact]
    public async Task Three_runs_follow_one_another_and_the_failure_of_the_second_goes_to_the_third()
    {
        await using var server = await FaasServer.StartAsync();
        await server.UploadAsync("one", "python", "return {'doubled': event['n'] * 2}");
        await server.UploadAsync("two", "javascript", "throw new TypeError('cannot use ' + event.doubled)");
        await server.UploadAsync("three", "python", "return [event['reason'], event['error']['name'], event['path'], event['input']['doubled']]");
        using var answer = await KeptRuns.SendAsync(
            server, "one", new { input = new { n = 21 }, then = new { success = new { path = "two", then = new { success = "one", failure = "three" } } } });
        var first = await KeptRuns.EndedAsync(server, (await answer.ReadAsync()).GetProperty("id").GetString()!);
        var second = await KeptRuns.EndedAsync(server, first.GetProperty("next").GetString()!);
        var third = await KeptRuns.EndedAsync(server, second.GetProperty("next").GetString()!);
        Assert.Equal(("ok", "error", "ok"), (
            first.GetProperty("reason").GetString(), second.GetProperty("reason").GetString(), third.GetProperty("reason").GetString()));
        Assert.Equal("""["error","TypeError","two",42]""", third.GetProperty("result").GetRawText());
        Assert.Equal(
            (second.GetProperty("id").GetString(), 2, false),
            (third.GetProperty("previous").GetString(), third.GetProperty("depth").GetInt32(), third.TryGetProperty("next", out _)));
        Assert.Equal(3, (await KeptRuns.IdsAsync(server)).Count);
        await server.EndAsync();
    }

    private static async Task UploadAsync(FaasServer server, string path, string isolation, string language, string code, object retry)
    {
        using var upload = await server.PostAsync("/upload", new { path, isolation, language, code, retry });
        Assert.True(upload.IsSuccessStatusCode, await upload.Content.ReadAsStringAsync());
    }

    private static void AssertIsWhole(JsonElement record)
    {
        Assert.Equal(("ended", "ok", 200), (
            record.GetProperty("state").GetString(), record.GetProperty("reason").GetString(), record.GetProperty("status").GetInt32()));
        Assert.Equal("""{"a":7}""", record.GetProperty("input").GetRawText());
        Assert.Equal(7, record.GetProperty("result").GetProperty("got").GetInt32());
        Assert.Equal(
            ["one ***", "two"], record.GetProperty("log").EnumerateArray().Select(line => line.GetProperty("text").GetString()).Order());
        Assert.Equal(
            ["stderr", "stdout"], record.GetProperty("log").EnumerateArray().Select(line => line.GetProperty("stream").GetString()).Order());
        Assert.DoesNotContain(Secret, record.GetRawText(), StringComparison.Ordinal);
        Assert.True(record.GetProperty("memoryBytes").GetInt64() > 0);
        var times = new[] { "received", "started", "ended" }.Select(name => record.GetProperty(name).GetDateTime()).ToList();
        Assert.Equal(times.Order(), times);
    }
}
