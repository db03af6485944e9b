using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Faas.Client;

namespace Faas.Cli.Tests.Client;

/// <summary>The typed client, against a real server.</summary>
[Collection(nameof(CliServer))]
public sealed class FaasClientTests(CliServer server)
{
    private FaasClient Faas => server.Client;

    [Fact]
    public async Task The_example_of_the_README_works()
    {
        await Faas.Scripts.UploadAsync(new Upload("client/add", Languages.Python, "return event['a'] + event['b']"));
        var result = await Faas.Runs.RunAsync("client/add", new JsonObject { ["a"] = 3, ["b"] = 5 });
        Assert.Equal((8, "number"), (result.Data.GetInt32(), result.Type));
        Assert.NotNull(result.Start.Version);
    }

    [Fact]
    public async Task A_text_as_input_stays_a_text() =>
        Assert.Equal("null", (await Faas.Runs.RunCodeAsync(Languages.JavaScript, "return event", "null")).Data.GetString());

    [Fact]
    public async Task A_value_may_nest_deeper_than_most_readers_go()
    {
        const int levels = 900;
        var value = (await Faas.Runs.RunCodeAsync(
            Languages.JavaScript, $"let a = 1; for (let i = 0; i < {levels}; i++) a = [a]; return a")).Data;
        Assert.Equal((2 * levels) + 1, value.GetRawText().Length);
    }

    [Fact]
    public async Task A_stream_begins_prints_and_ends()
    {
        var options = new RunOptions { CallId = "client-stream" };
        var events = await Faas.Runs.StreamCodeAsync(Languages.Python, "print('one')\nprint(2)\nreturn [3]", null, options).ToListAsync();
        Assert.Equal("client-stream", Assert.IsType<RunBegan>(events[0]).Start.CallId);
        Assert.Equal(["one", "2"], events.OfType<RunPrinted>().Select(line => line.Text));
        Assert.Equal("[3]", Assert.IsType<RunReturned>(events[^1]).Result.Data.GetRawText());
    }

    [Fact]
    public async Task Files_go_to_a_script_and_come_back_with_and_without_a_stream()
    {
        const string code = "import os\nos.rename('/tmp/in/a.png', '/tmp/out/b.png')";
        var options = new RunOptions { Files = [new RunFile("a.png", new byte[] { 0, 255 })] };
        var answered = await Faas.Runs.RunCodeAsync(Languages.Python, code, null, options);
        var events = await Faas.Runs.StreamCodeAsync(Languages.Python, code, null, options).ToListAsync();
        foreach (var result in (RunResult[])[answered, Assert.IsType<RunReturned>(events[^1]).Result])
        {
            var file = Assert.Single(result.Files);
            Assert.Equal(("b.png", "image/png"), (file.Name, file.MediaType));
            Assert.Equal([0, 255], file.Content.ToArray());
        }

        Assert.Empty((await Faas.Runs.RunCodeAsync(Languages.Python, "return 1")).Files);
    }

    [Fact]
    public async Task A_run_that_fails_says_why_with_and_without_a_stream()
    {
        var failed = await Assert.ThrowsAsync<FaasException>(() => Faas.Runs.RunCodeAsync(Languages.Python, "print('x')\nraise KeyError('k')"));
        Assert.Equal(("error", "KeyError", "x\n", 500), (failed.Reason, failed.Problem.Name, failed.Problem.Logs, failed.Problem.Status));
        var events = await Faas.Runs.StreamCodeAsync(Languages.Python, "raise KeyError('k')").ToListAsync();
        Assert.Equal("KeyError", Assert.IsType<RunFailed>(events[^1]).Problem.Name);
    }

    [Fact]
    public async Task To_leave_a_stream_ends_the_run()
    {
        await foreach (var happened in Faas.Runs.StreamCodeAsync(Languages.Python, "print('x', flush=True)\nimport time\ntime.sleep(25)"))
        {
            if (happened is RunPrinted)
            {
                break;
            }
        }

        await Eventually.HoldsAsync(
            async () => (await Faas.Pool.GetAsync()).Runs.Count == 0, TimeSpan.FromSeconds(10), () => "the run goes on");
    }

    [Fact]
    public async Task A_key_that_is_unknown_is_a_problem_and_a_server_that_is_not_there_is_not()
    {
        using var stranger = new FaasClient(server.Address, "an-unknown-key-of-nobody");
        var refused = await Assert.ThrowsAsync<FaasException>(() => stranger.Keys.ListAsync());
        Assert.Equal(("unauthorized", 401, "about:blank"), (refused.Reason, refused.Problem.Status, refused.Problem.Type));
        using var nowhere = new FaasClient(new Uri("http://127.0.0.1:1"));
        await Assert.ThrowsAsync<HttpRequestException>(() => nowhere.Server.GetVersionAsync());
    }

    [Fact]
    public async Task A_watcher_whose_key_is_ended_is_told_so()
    {
        var made = await Faas.Keys.CreateAsync(new NewKey("watcher", ["admin"]));
        using var watcher = new FaasClient(server.Address, made.Secret);
        await using var events = watcher.Pool.WatchAsync().GetAsyncEnumerator();
        Assert.True(await events.MoveNextAsync());
        await Faas.Keys.DeleteAsync("watcher");
        var refused = await Assert.ThrowsAsync<FaasException>(async () =>
        {
            while (await events.MoveNextAsync())
            {
            }
        });
        Assert.Equal(("unauthorized", 401, "The key is unknown."), (refused.Reason, refused.Problem.Status, refused.Message));
    }

    [Fact]
    public async Task A_watched_stream_ends_when_its_server_is_silent_for_longer_than_it_promised()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var watcher = new FaasClient(new Uri($"http://{silent.LocalEndpoint}"));
        await using var events = watcher.Pool.WatchAsync().GetAsyncEnumerator();
        var next = events.MoveNextAsync().AsTask();
        using var caller = await silent.AcceptTcpClientAsync();
        await caller.GetStream().WriteAsync(
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nX-Ping-Seconds: 0.1\r\n\r\n: \n\n"u8.ToArray());

        var ended = await Assert.ThrowsAsync<HttpIOException>(() => next);

        Assert.Equal("The server has sent nothing for 0.3 s.", ended.Message.Split(" (")[0]);
    }

    [Fact]
    public async Task A_followed_run_goes_on_behind_the_last_event_when_the_connection_is_lost()
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        using var reader = new FaasClient(new Uri($"http://{server.LocalEndpoint}"));
        await using var events = reader.KeptRuns.FollowAsync("call~k0123456789abcdef").GetAsyncEnumerator();
        var next = events.MoveNextAsync().AsTask();
        Assert.DoesNotContain(
            "Last-Event-ID",
            await AnswerAsync("id: 7\ndata: {\"event\":\"log\",\"data\":\"seven\",\"type\":\"text\"}\n\nid: 8\ndata: {\"ev"));
        Assert.True(await next);
        Assert.Equal("seven", ((RunPrinted)events.Current).Text);

        next = events.MoveNextAsync().AsTask();
        (await server.AcceptTcpClientAsync()).Dispose(); // no answer at all
        var told = "id: 9\ndata: {\"event\":\"gap\",\"data\":2,\"type\":\"number\"}\n\n"
            + "id: 10\ndata: {\"event\":\"result\",\"data\":3,\"type\":\"number\"}\n\n";
        Assert.Contains("\r\nLast-Event-ID: 7\r\n", await AnswerAsync(told));
        Assert.True(await next);
        Assert.Equal(new RunSkipped(2), events.Current);
        Assert.True(await events.MoveNextAsync());
        Assert.Equal(3, ((RunReturned)events.Current).Result.Data.GetInt32());
        Assert.False(await events.MoveNextAsync());

        async Task<string> AnswerAsync(string body)
        {
            using var caller = await server.AcceptTcpClientAsync();
            var (stream, request) = (caller.GetStream(), "");
            for (var buffer = new byte[1000]; !request.EndsWith("\r\n\r\n", StringComparison.Ordinal);)
            {
                request += System.Text.Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer));
            }

            await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(
                $"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n{body}"));
            return request;
        }
    }

    [Theory]
    [InlineData("ftp://localhost", null)]
    [InlineData("http://localhost", "a key")]
    [InlineData("http://localhost", "a\nkey")]
    public void What_cannot_be_a_server_or_a_key_is_refused(string url, string? key) =>
        Assert.Throws<ArgumentException>(() => new FaasClient(new Uri(url), key));

    [Fact]
    public async Task Scripts_are_managed()
    {
        const string path = "client/managed";
        var first = (await Faas.Scripts.UploadAsync(new Upload(path, Languages.JavaScript, "return 1"))).Version;
        Assert.True((await Faas.Scripts.UploadAsync(new Upload(path, Languages.JavaScript, "return 1"))).Unchanged);
        var second = (await Faas.Scripts.UploadAsync(new Upload(path, Languages.JavaScript, "return 1") { Force = true })).Version;
        var third = (await Faas.Scripts.UploadAsync(new Upload(path, Languages.Python, "return 3", new ScriptSettings { Cpus = 0.5 }))).Version;

        Assert.Equal([third, second, first], await Faas.Scripts.VersionsAsync(path).Select(version => version.Version).ToListAsync());
        Assert.Equal(0.5, (await Faas.Scripts.GetAsync(path)).Latest.Settings.Cpus);
        Assert.Equal("return 1", await Faas.Scripts.GetCodeAsync(path, $"{first}"));
        Assert.Contains("+return 3", await Faas.Scripts.DiffAsync(path, $"{first}"));
        Assert.Equal(5, (await Faas.Scripts.KeepAsync(path, new Retention(Newest: 5))).Keep?.Newest);
        Assert.Null((await Faas.Scripts.KeepAsync(path, null)).Keep);
        Assert.False((await Faas.Scripts.EnableAsync(path, false)).Enabled);
        Assert.Equal("disabled", (await Assert.ThrowsAsync<FaasException>(() => Faas.Runs.RunAsync(path))).Reason);
        await Faas.Scripts.DeleteVersionAsync(path, second);
        await Faas.Scripts.DeleteAsync(path);
        Assert.Equal("not_found", (await Assert.ThrowsAsync<FaasException>(() => Faas.Scripts.GetAsync(path))).Reason);
    }

    [Fact]
    public async Task Aliases_are_moved_by_their_tags()
    {
        const string path = "client/aliases";
        var first = (await Faas.Scripts.UploadAsync(new Upload(path, Languages.Python, "return 1"))).Version;
        var second = (await Faas.Scripts.UploadAsync(new Upload(path, Languages.Python, "return 2"))).Version;
        var made = await Faas.Aliases.MoveAsync(path, "stable", new AliasTarget(first));
        var split = new AliasTarget(Split: [new AliasShare(first, 90), new AliasShare(second, 10)], Sticky: "X-User");
        Assert.Equal(10, (await Faas.Aliases.MoveAsync(path, "stable", split, made.Tag)).Split![1].Weight);
        Assert.Equal("stale", (await Assert.ThrowsAsync<FaasException>(() => Faas.Aliases.MoveAsync(path, "stable", split, made.Tag))).Reason);
        Assert.Equal(first, (await Faas.Aliases.RollBackAsync(path, "stable")).Version);
        Assert.Equal("stable", Assert.Single(await Faas.Aliases.ListAsync(path)).Name);
        Assert.Equal(1, (await Faas.Runs.RunAsync(path, null, new RunOptions { Version = "stable" })).Data.GetInt32());
        await Faas.Aliases.DeleteAsync(path, "stable");
    }

    [Fact]
    public async Task Keys_secrets_and_the_server_are_managed()
    {
        var made = await Faas.Keys.CreateAsync(new NewKey("client", ["read"]) { Paths = ["client"], Rate = new KeyRate(5, 20) });
        Assert.StartsWith("faas_", made.Secret, StringComparison.Ordinal);
        Assert.Null((await Faas.Keys.ListAsync()).Single(key => key.Name == "client").Secret);
        await Faas.Keys.DeleteAsync("client");

        Assert.Equal("client", Assert.Single((await Faas.Secrets.WriteAsync("CLIENT_KEY", "sk-0123456789", ["client"])).Paths));
        Assert.Empty((await Faas.Secrets.RotateAsync()).Lost);
        Assert.Contains(await Faas.Secrets.ListAsync(), secret => secret.Name == "CLIENT_KEY");
        await Faas.Secrets.DeleteAsync("CLIENT_KEY");

        Assert.Matches(@"^\d+\.\d+\.\d+", await Faas.Server.GetVersionAsync());
        Assert.True((await Faas.Server.GetReadinessAsync()).IsReady);
        Assert.Contains(await Faas.Server.GetSettingsAsync(), setting => setting is { Key: "faas.pool.running", Reloads: true });
        Assert.Empty((await Faas.Server.ReloadAsync()).Changed);
    }

    [Fact]
    public async Task Archives_are_moved()
    {
        await Faas.Scripts.UploadAsync(new Upload("client/archived", Languages.Python, "return 'archived'"));
        using var archive = new MemoryStream();
        await Eventually.HoldsAsync(
            async () =>
            {
                archive.SetLength(0);
                await Faas.Archives.ExportAsync(archive, "client/archived");
                return archive.Length > 200;
            },
            TimeSpan.FromSeconds(10),
            () => "the list of scripts is behind");
        archive.Position = 0;
        var report = await Faas.Archives.ImportAsync(new StreamContent(archive), new ImportOptions { Onto = "copies" });
        Assert.Equal("copies/client/archived", Assert.Single(report.Taken).Path);
    }
}
