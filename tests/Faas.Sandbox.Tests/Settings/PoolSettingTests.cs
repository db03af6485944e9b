using System.Net;

namespace Faas.Sandbox.Tests.Settings;

/// <summary>What each key under <c>faas.pool</c> does.</summary>
public sealed class PoolSettingTests
{
    private const string Sleep = "import time\ntime.sleep(event['s'])\nreturn 1";

    [Fact]
    [Proves("pool.running")]
    [Proves("pool.queue")]
    public async Task Running_bounds_the_runs_and_queue_the_waiters()
    {
        await using var server = await FaasServer.StartAsync("faas.pool { running = 2, queue = 1, spares { node = 0, python = 0 } }");
        var replies = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => server.RunNowAsync("python", Sleep, new { s = 1 })));

        Assert.Equal(3, replies.Count(reply => reply.Status == HttpStatusCode.OK));
        Assert.Equal(3, replies.Count(reply => reply.Status == HttpStatusCode.TooManyRequests));
        Assert.InRange(server.Processes().Count(process => process.IsZygote), 0, 2);
        await server.StopAsync();
        Directory.Delete(server.Folder, true);
    }

    [Theory]
    [Proves("pool.sandboxes")]
    [Proves("pool.memory")]
    [InlineData("sandboxes = 2", 2)]
    [InlineData("memory = 1k", 1)]
    [InlineData("sandboxes = 100", 4)]
    public async Task More_scripts_stay_warm_than_run_at_once_within_a_number_and_a_memory(string most, int kept)
    {
        await using var server = await FaasServer.StartAsync(
            $"faas.pool {{ running = 1, {most}, spares {{ node = 0, python = 0, max = 0 }} }}");
        for (var script = 0; script < 4; script++)
        {
            await server.UploadAsync($"warm/{script}", "python", $"return {script}");
            Assert.Equal($"{script}", (await server.RunAsync($"warm/{script}")).Data);
        }

        await server.IsAtRestAsync();
        Assert.Equal(kept, server.Processes().Count(process => process.IsZygote));
        await server.EndAsync();
    }

    [Fact]
    [Proves("pool.spares.node")]
    [Proves("pool.spares.python")]
    public async Task Spares_are_started_ahead_of_demand()
    {
        await using var server = await FaasServer.StartAsync("faas.pool.spares { node = 2, python = 1 }");

        await Eventually.HoldsAsync(
            () => Zygotes("node") == 2 && Zygotes("python") == 1,
            TimeSpan.FromSeconds(10),
            () => string.Join('\n', server.Processes()));
        await Eventually.HoldsAsync(() => StartOfACall() == "spare", TimeSpan.FromSeconds(10), () => "no call was given a spare");
        await server.StopAsync();
        Directory.Delete(server.Folder, true);

        string StartOfACall()
        {
            using var response = server.PostAsync("/run-now", new { language = "python", code = "return 1" }).GetAwaiter().GetResult();
            return response.Headers.GetValues("X-Start").Single();
        }

        int Zygotes(string runtime) =>
            server.Processes().Count(process => process.IsZygote && process.Command.Contains(runtime, StringComparison.Ordinal));
    }

    [Theory]
    [TestLimit(180)]
    [Proves("pool.spares.max")]
    [Proves("pool.spares.memory")]
    [InlineData("max = 2, memory = 512M", true)]
    [InlineData("max = 0, memory = 512M", false)]
    [InlineData("max = 2, memory = 1k", false)]
    public async Task Spares_follow_the_demand_within_their_number_and_their_memory(string most, bool followed)
    {
        // A fork is ready so soon that this demand is worth no spare; also of programs, demand must be high where starts are quick.
        await using var server = await FaasServer.StartAsync(
            $"faas.sandbox.launch = exec\nfaas.pool {{ running = 3, sandboxes = 3, spares {{ node = 0, python = 0, {most} }} }}");

        await Parallel.ForAsync(0, 60, new ParallelOptions { MaxDegreeOfParallelism = 3 }, async (_, _) =>
            Assert.Equal("1", (await server.RunNowAsync("python", "return 1")).Data));

        await Eventually.HoldsAsync(
            () => followed == server.Processes().Any(process => process.IsZygote),
            TimeSpan.FromSeconds(10),
            () => string.Join('\n', server.Processes()));
        await server.EndAsync();
    }

    [Fact]
    [Proves("pool.starts")]
    public async Task At_most_the_set_number_of_sandboxes_start_at_once()
    {
        await using var server = await FaasServer.StartAsync(
            "faas.pool { running = 4, sandboxes = 4, starts = 1, spares { node = 0, python = 0, max = 0 } }");
        var calls = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => server.RunNowAsync("javascript", "return 1")));

        var seen = new HashSet<int>();
        using var glances = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!calls.IsCompleted && await glances.WaitForNextTickAsync())
        {
            using var ready = await server.Client.GetAsync(new Uri("/readyz", UriKind.Relative));
            seen.Add((await ready.ReadAsync()).GetProperty("pool").GetProperty("starting").GetInt32());
        }

        Assert.All(await calls, reply => Assert.Equal("1", reply.Data));
        Assert.Equal(1, seen.Max());
        await server.EndAsync();
    }

    [Fact]
    [Proves("pool.queue-timeout")]
    public async Task Queue_timeout_ends_a_wait_with_429()
    {
        await using var server = await FaasServer.StartAsync("faas.pool { running = 1, sandboxes = 1, queue-timeout = 2s, spares { node = 0, python = 0 } }");
        await server.UploadAsync("slow", "python", Sleep);
        var first = server.RunAsync("slow", new { s = 5 });
        await server.RunsAsync();

        var second = await server.RunAsync("slow", new { s = 0 });

        Assert.Equal(HttpStatusCode.TooManyRequests, second.Status);
        Assert.NotNull(second.RetryAfter);
        Assert.False(first.IsCompleted);
        Assert.Equal("1", (await first).Data);
        await server.StopAsync();
        Directory.Delete(server.Folder, true);
    }

    [Fact]
    [Proves("pool.idle-ttl")]
    public async Task Idle_ttl_closes_a_bound_sandbox_that_nobody_uses()
    {
        await using var server = await FaasServer.StartAsync("faas.pool { idle-ttl = 1s, spares { node = 0, python = 0 } }");
        await server.UploadAsync("idle", "python", "return 1");
        await server.RunAsync("idle");
        Assert.Equal(1, server.Processes().Count(process => process.IsZygote));

        await Eventually.HoldsAsync(() => server.Processes().Count == 0, TimeSpan.FromSeconds(5), () => "the sandbox is still there");
        Assert.Equal("1", (await server.RunAsync("idle")).Data);
        await server.StopAsync();
        Directory.Delete(server.Folder, true);
    }
}
