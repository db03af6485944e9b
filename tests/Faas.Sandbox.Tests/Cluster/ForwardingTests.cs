using System.Net;
using System.Text.Json;

namespace Faas.Sandbox.Tests.Cluster;

/// <summary>Calls that come to one node and are executed on another one, which has the script warm.</summary>
[Trait("Machine", "Alone")]
[TestLimit(300)]
public sealed class ForwardingTests
{
    private const string Script =
        """
        import os, sys, time
        do = input.get("do")
        if do == "echo":
            return input["text"]
        if do == "fail":
            raise ValueError("no")
        if do == "print":
            print("one")
            print("two", file=sys.stderr)
            return 5
        if do == "files":
            os.makedirs("/tmp/out", exist_ok=True)
            with open("/tmp/in/a.txt") as a, open("/tmp/out/b.txt", "w") as b:
                b.write(a.read() + "!")
        while do == "drip":
            print("x" * 1000, flush=True)
        if do == "sleep":
            print("asleep", flush=True)
            time.sleep(600)
        return "ready"
        """;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    // What docs/cluster.md promises for a node that fails, and the time of a call beside it on a busy machine.
    private static readonly TimeSpan s_recovery = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task A_call_of_any_node_runs_where_its_script_is_warm_as_if_it_had_come_there()
    {
        await using var nodes = await NodesUnderTest.CreateAsync();
        var servers = await Task.WhenAll(Enumerable.Range(1, 3).Select(nodes.StartAsync));
        await nodes.SeeAsync(servers, [1, 2, 3], s_patience);
        var (home, other, third) = (servers[0], servers[1], servers[2]);

        // One process serves all calls, so it counts them.
        await home.UploadAsync("count", "javascript", "globalThis.n = (globalThis.n ?? 0) + 1; return globalThis.n", isolation: "shared");
        await home.RunAsync("count");
        for (var calls = 2; calls < 8; calls++)
        {
            var server = servers[calls % 3];
            await KnowsFreeAsync(server, nodes.AddressOf(1), warm: 1);
            Assert.Equal($"{calls}", (await server.RunAsync("count")).Data);
        }

        await home.UploadAsync("all", "python", Script);
        await home.RunAsync("all");
        Task FreeAsync() => KnowsFreeAsync(other, nodes.AddressOf(1), warm: 2);
        await AnswersAreTheSameAsync(home, other, FreeAsync);
        await StreamsAreTheSameAsync(home, other, FreeAsync);
        await ACallerThatLeavesEndsTheRunAsync(home, other, FreeAsync);
        await home.RunAsync("all");
        await AnOperatorCancelsAtTheNodeThatGotTheCallAsync(home, other, FreeAsync);
        await home.RunAsync("all");
        await FreeAsync();
        Assert.Equal((0, 0), ((await other.LookAsync()).Pool.Idle, (await third.LookAsync()).Pool.Idle));

        // Three sandboxes that are to stay are one on each node; when a node is gone, the others have its part.
        Assert.Equal(
            HttpStatusCode.OK,
            (await third.ReplyAsync("/upload", new { path = "kept", language = "javascript", code = "return 1", minWarm = 3 })).Status);
        await IdleAsync(1, other);
        await IdleAsync(1, third);
        await home.RunAsync("all");
        await KnowsFreeAsync(other, nodes.AddressOf(1), warm: 3);

        // A run whose node is lost has an outcome, though it has begun to print, and is not run again.
        using (var lost = await other.OpenStreamAsync("/run/all", new { input = new { @do = "sleep" }, stream = true }))
        {
            using var body = new StreamReader(await lost.Content.ReadAsStreamAsync());
            await UntilAsync(body, "asleep");
            await home.KillAsync();
            var end = await UntilAsync(body, "\"sandbox\"").WaitAsync(s_recovery);
            var gone = $"The node {nodes.AddressOf(1)} of the cluster, which executed the run, is gone.";
            Assert.Contains(gone, end, StringComparison.Ordinal);
        }

        await nodes.SeeAsync([other, third], [2, 3], s_recovery);
        Assert.Equal((0, 0), ((await other.LookAsync()).Pool.Busy, (await third.LookAsync()).Pool.Busy));
        await IdleAsync(3, other, third);
        Assert.Equal("\"ready\"", (await other.RunAsync("all", new { })).Data);
    }

    private static async Task AnswersAreTheSameAsync(FaasServer home, FaasServer other, Func<Task> free)
    {
        await free();
        var text = new string('ä', 1_000_000); // more than fits into one message between nodes
        Assert.Equal(text, JsonSerializer.Deserialize<string>((await other.RunAsync("all", new { @do = "echo", text })).Data));

        await free();
        var (there, here) = (await other.RunAsync("all", new { @do = "fail" }), await home.RunAsync("all", new { @do = "fail" }));
        Assert.Equal(here.Status, there.Status);
        Assert.Equal(WithoutCost(here.Body), WithoutCost(there.Body));

        await free();
        var withFiles = await other.ReplyAsync(
            "/run/all", new { input = new { @do = "files" }, files = new[] { new { name = "a.txt", text = "hi" } } });
        var file = Assert.Single(withFiles.Body.GetProperty("files").EnumerateArray());
        Assert.Equal(("b.txt", "hi!"), (file.GetProperty("name").GetString(), Text(file.GetProperty("base64").GetBytesFromBase64())));

        var warm = new Uri("/api/v1/runs?start=warm&path=all", UriKind.Relative);
        using var recent = JsonDocument.Parse(await other.Client.GetStringAsync(warm));
        Assert.Equal(3, recent.RootElement.GetProperty("runs").GetArrayLength());

        await free();
        var stats = await other.ReplyAsync("/run/all", new { input = new { }, stats = true });
        Assert.True(stats.Body.GetProperty("stats").GetProperty("maxRssBytes").GetInt64() > 0, stats.ToString());
    }

    private static async Task StreamsAreTheSameAsync(FaasServer home, FaasServer other, Func<Task> free)
    {
        await free();
        var (there, here) = (
            await other.EventsAsync("/run/all", new { input = new { @do = "print" }, stream = true }),
            await home.EventsAsync("/run/all", new { input = new { @do = "print" }, stream = true }));
        Assert.Equal(here.Select(WithoutCost), there.Select(WithoutCost));
        Assert.Contains(there, one => one.GetRawText().Contains("\"two\"", StringComparison.Ordinal));
    }

    private static async Task ACallerThatLeavesEndsTheRunAsync(FaasServer home, FaasServer other, Func<Task> free)
    {
        await free();
        using (var stream = await other.OpenStreamAsync("/run/all", new { input = new { @do = "drip" }, stream = true }))
        {
            await using var body = await stream.Content.ReadAsStreamAsync();
            await body.ReadExactlyAsync(new byte[100_000]);
            await BusyAsync(home, 1);
        }

        await BusyAsync(home, 0);
        await home.RunAsync("all");
        await free();
        using var leaving = new CancellationTokenSource();
        var run = other.Client.PostAsync(
            new Uri("/run/all", UriKind.Relative),
            new StringContent("""{"input":{"do":"sleep"}}""", new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")),
            leaving.Token);
        await BusyAsync(home, 1);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        await BusyAsync(home, 0);
        Assert.Equal(0, (await other.LookAsync()).Pool.Busy);
    }

    private static async Task AnOperatorCancelsAtTheNodeThatGotTheCallAsync(FaasServer home, FaasServer other, Func<Task> free)
    {
        await free();
        var run = other.RunAsync("all", new { @do = "sleep" });
        await BusyAsync(home, 1);
        var underWay = new Uri("/api/v1/runs?state=running,waiting", UriKind.Relative);
        using var runs = JsonDocument.Parse(await other.Client.GetStringAsync(underWay));
        var id = Assert.Single(runs.RootElement.GetProperty("runs").EnumerateArray()).GetProperty("id").GetString();

        using var cancelled = await other.Client.DeleteAsync(new Uri($"/api/v1/pool/runs/{id}", UriKind.Relative));

        Assert.Equal(HttpStatusCode.NoContent, cancelled.StatusCode);
        Assert.Equal("cancelled", (await run).Reason);
        await BusyAsync(home, 0);
    }

    // The first line of a stream that has a text.
    private static async Task<string> UntilAsync(StreamReader body, string text)
    {
        while (true)
        {
            var line = await body.ReadLineAsync() ?? throw new InvalidOperationException($"The stream ended without {text}.");
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return line;
            }
        }
    }

    private static Task IdleAsync(int idle, params FaasServer[] servers) => Eventually.HoldsAsync(
        async () => (await Task.WhenAll(servers.Select(server => server.LookAsync()))).Sum(look => look.Pool.Idle) == idle,
        s_patience,
        () => $"not {idle} idle sandboxes");

    private static Task BusyAsync(FaasServer server, int busy) => Eventually.HoldsAsync(
        async () => (await server.LookAsync()).Pool.Busy == busy, s_patience, () => $"not {busy} busy sandboxes");

    // A node knows that another one has this many bound sandboxes without a run, and may execute a run.
    private static Task KnowsFreeAsync(FaasServer server, string address, int warm)
    {
        var pool = "";
        return Eventually.HoldsAsync(
            async () =>
            {
                using var view = JsonDocument.Parse(await server.Client.GetStringAsync(new Uri("/api/v1/cluster", UriKind.Relative)));
                var member = view.RootElement.GetProperty("members").EnumerateArray()
                    .Single(one => one.GetProperty("address").GetString() == address);
                pool = member.GetRawText();
                return member.TryGetProperty("pool", out var seen)
                    && (seen.GetProperty("warm").GetInt32(), seen.GetProperty("free").GetInt32()) == (warm, 1);
            },
            s_patience,
            () => $"{pool}, and not {warm} warm");
    }

    private static string WithoutCost(JsonElement answer) => string.Join(
        ", ",
        answer.EnumerateObject()
            .Where(member => member.Name is not ("stats" or "callId" or "instance" or "runId" or "start"))
            .Select(member => $"{member.Name}: {member.Value.GetRawText()}"));

    private static string Text(byte[] bytes) => System.Text.Encoding.UTF8.GetString(bytes);
}
