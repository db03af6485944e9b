using System.Net;

namespace Faas.Sandbox.Tests.EndToEnd;

/// <summary>Calls of a shared version that one process serves at once, on each launch.</summary>
public abstract class ConcurrencyTests(string launch) : IAsyncLifetime
{
    // Each call waits until four of them are there, so a server that serves them one after another never replies.
    private const string JavaScript = """
        if (event.warm) return;
        globalThis.there = (globalThis.there ?? 0) + 1;
        while (there < 4) await new Promise((resolve) => setTimeout(resolve, 2));
        console.log(JSON.stringify([event.n, there]));
        """;

    private const string Python = """
        import json, time
        global there
        if not event.get('warm'):
            there = globals().get('there', 0) + 1
            while there < 4:
                time.sleep(0.002)
            print(json.dumps([event['n'], there]))
        """;

    private const string PythonAwaiting = """
        import asyncio, json
        global there
        if not event.get('warm'):
            there = globals().get('there', 0) + 1
            while there < 4:
                await asyncio.sleep(0.002)
            print(json.dumps([event['n'], there]))
        """;

    private const string Endings = """
        if (event.how === 'exit') process.exit(3);
        if (event.how === 'kill') process.kill(process.pid, 'SIGKILL');
        if (event.how === 'loop') for (;;);
        if (event.how === 'count') return globalThis.waiting ?? 0;
        if (event.wait) globalThis.waiting = (globalThis.waiting ?? 0) + 1;
        await new Promise((resolve) => setTimeout(resolve, event.wait ?? 0));
        return 'fine';
        """;

    private FaasServer _server = null!;

    public async Task InitializeAsync() =>
        _server = await FaasServer.StartAsync($"faas.sandbox {{ launch = {launch}, timeout = {Patience.Seconds(3)} }}");

    public async Task DisposeAsync()
    {
        await _server.EndAsync();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("javascript", JavaScript)]
    [InlineData("python", Python)]
    [InlineData("python", PythonAwaiting)]
    public async Task They_are_served_side_by_side_in_one_process_and_their_output_is_told_apart(string language, string code)
    {
        await UploadAsync("together", language, code);
        Assert.Equal("null", (await _server.RunAsync("together", new { warm = true })).Data);

        var replies = await Task.WhenAll(Enumerable.Range(0, 4).Select(n => _server.RunAsync("together", new { n })));

        Assert.Equal(["[0,4]", "[1,4]", "[2,4]", "[3,4]"], replies.Select(reply => reply.Data.Replace(" ", "", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_call_that_waits_too_long_does_not_harm_the_others_and_the_next_call_works()
    {
        await UploadAsync("ends", "javascript", Endings);
        await _server.RunAsync("ends", new { });
        var slow = _server.RunAsync("ends", new { wait = 600_000 });

        Assert.Equal("\"fine\"", (await _server.RunAsync("ends", new { wait = 100 })).Data);
        var late = await slow;

        Assert.Equal((HttpStatusCode.GatewayTimeout, "timeout"), (late.Status, late.Reason));
        Assert.Equal("\"fine\"", (await _server.RunAsync("ends", new { })).Data);
    }

    [Theory]
    [InlineData("exit", "exit", "sandbox")]
    [InlineData("kill", "signal", "signal")]
    public async Task When_the_process_ends_each_call_is_told_so_and_the_next_call_works(string how, string own, string others)
    {
        await UploadAsync("ends", "javascript", Endings);
        await _server.RunAsync("ends", new { });
        var waiting = _server.RunAsync("ends", new { wait = 600_000 });
        await Eventually.HoldsAsync(
            async () => (await _server.RunAsync("ends", new { how = "count" })).Data == "1",
            TimeSpan.FromSeconds(10),
            () => "it does not wait");

        Assert.Equal(own, (await _server.RunAsync("ends", new { how })).Reason);

        Assert.Equal(others, (await waiting).Reason);
        Assert.Equal("\"fine\"", (await _server.RunAsync("ends", new { })).Data);
    }

    [Fact]
    public async Task A_process_that_is_stuck_is_killed_and_nothing_of_it_is_left()
    {
        await UploadAsync("ends", "javascript", Endings);

        Assert.Equal("timeout", (await _server.RunAsync("ends", new { how = "loop" })).Reason);

        await Eventually.HoldsAsync(
            () => !_server.Processes().Any(process => process.IsOfInvocation), TimeSpan.FromSeconds(10), () => "the process is left");
        Assert.Equal("\"fine\"", (await _server.RunAsync("ends", new { })).Data);
    }

    private async Task UploadAsync(string path, string language, string code)
    {
        using var response = await _server.PostAsync("/upload", new { path, language, code, isolation = "shared", concurrency = 4 });
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}

/// <summary>On sandboxes that are forks of a mother.</summary>
public sealed class ForkedConcurrencyTests() : ConcurrencyTests("fork");

/// <summary>On sandboxes that bubblewrap starts.</summary>
public sealed class ExecutedConcurrencyTests() : ConcurrencyTests("exec");
