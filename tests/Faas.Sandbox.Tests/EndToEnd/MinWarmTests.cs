using System.Net;

namespace Faas.Sandbox.Tests.EndToEnd;

/// <summary>Sandboxes stay bound to a version that asks for it.</summary>
public sealed class MinWarmTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("javascript", "return event.n", "process")]
    [InlineData("python", "return event['n']", "process")]
    [InlineData("javascript", "return event.n", "shared")]
    [InlineData("python", "return event['n']", "shared")]
    public async Task Its_first_calls_are_warm_and_no_idle_time_closes_its_sandboxes(string language, string code, string isolation)
    {
        await using var server = await StartAsync("1s");
        await UploadAsync(server, language, code, isolation, minWarm: 2);
        await BoundAsync(server, 2);

        await Task.Delay(TimeSpan.FromSeconds(3)); // longer than the sandboxes of others may be idle

        Assert.Equal(2, (await server.LookAsync()).Pool.Idle);
        var calls = await Task.WhenAll(Enumerable.Range(0, 2).Select(n => StartOfAsync(server, n)));
        Assert.Equal(["warm", "warm"], calls);
        await server.EndAsync();
    }

    [Fact]
    public async Task Calls_that_share_a_process_find_it_running()
    {
        await using var server = await StartAsync("1h");
        await UploadAsync(server, "javascript", "return event.n", "shared", minWarm: 1, concurrency: 8);
        await BoundAsync(server, 1);

        Assert.Equal(["warm", "warm", "warm"], await Task.WhenAll(Enumerable.Range(0, 3).Select(n => StartOfAsync(server, n))));
        await server.EndAsync();
    }

    [Fact]
    [Trait("Needs", "root")]
    public async Task A_sandbox_that_is_killed_is_replaced()
    {
        await using var server = await StartAsync("1h");
        await UploadAsync(server, "python", "return event['n']", "process", minWarm: 1);
        await BoundAsync(server, 1);
        var killed = server.Processes().Select(process => process.Pid).ToHashSet();

        foreach (var pid in killed)
        {
            Signals.Send(pid, Signals.Kill);
        }

        await Eventually.HoldsAsync(
            async () => IsAnother(server.Processes()) && (await server.LookAsync()).Pool is { Idle: 1, IsAtRest: true },
            s_patience,
            () => "no other sandbox is bound");
        Assert.Equal("warm", await StartOfAsync(server, 1));
        await server.EndAsync();

        // Looked at before the pool is: while another one is there, the pool has noticed the end of the first.
        bool IsAnother(IReadOnlyList<SandboxedProcess> processes) =>
            processes.Count > 0 && processes.All(process => !killed.Contains(process.Pid));
    }

    [Fact]
    public async Task They_are_bound_with_the_settings_of_their_version()
    {
        await using var server = await StartAsync("1h");
        using var upload = await server.PostAsync("/upload", new
        {
            path = "kept",
            language = "python",
            code = "import os\nreturn [os.environ['REGION'], len(bytearray(b'x') * (event['n'] << 20))]",
            minWarm = 1,
            memory = "256M",
            env = new Dictionary<string, string> { ["REGION"] = "eu" },
        });
        Assert.True(upload.IsSuccessStatusCode, await upload.Content.ReadAsStringAsync());
        await BoundAsync(server, 1);

        Assert.Equal("[\"eu\",209715200]", (await server.RunAsync("kept", new { n = 200 })).Data);
        await server.EndAsync();
    }

    [Fact]
    public async Task After_a_start_of_the_server_it_begins_with_the_first_call_and_another_version_ends_it()
    {
        string folder;
        await using (var before = await StartAsync("1s"))
        {
            await UploadAsync(before, "python", "return event['n']", "process", minWarm: 2);
            Assert.Equal(0, await before.StopAsync());
            folder = before.Folder;
        }

        await using var server = await StartAsync("1s", folder);
        Assert.Equal("1", (await server.RunAsync("kept", new { n = 1 })).Data);
        await BoundAsync(server, 2);

        await UploadAsync(server, "python", "return 0", "process", minWarm: 0);

        await BoundAsync(server, 0);
        await server.EndAsync();
    }

    private static Task<FaasServer> StartAsync(string idleTtl, string? folder = null) =>
        FaasServer.StartAsync($"faas.pool {{ idle-ttl = {idleTtl}, spares {{ node = 0, python = 0, max = 0 }} }}", folder);

    private static async Task UploadAsync(
        FaasServer server, string language, string code, string isolation, int minWarm, int concurrency = 1)
    {
        using var upload = await server.PostAsync("/upload", new { path = "kept", language, code, isolation, minWarm, concurrency });
        Assert.True(upload.StatusCode == HttpStatusCode.OK, await upload.Content.ReadAsStringAsync());
    }

    private static async Task BoundAsync(FaasServer server, int count)
    {
        var pool = new PoolCounts(0, 0, 0, 0, 0);
        await Eventually.HoldsAsync(
            async () =>
            {
                pool = (await server.LookAsync()).Pool;
                return pool.IsAtRest && pool.Idle == count;
            },
            s_patience,
            () => $"{pool} and not {count} idle ones");
    }

    private static async Task<string> StartOfAsync(FaasServer server, int n)
    {
        using var response = await server.PostAsync("/run/kept", new { input = new { n } });
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return response.Headers.GetValues("X-Start").Single();
    }
}
