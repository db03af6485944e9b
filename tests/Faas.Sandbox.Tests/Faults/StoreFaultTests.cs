using System.Globalization;
using System.Net;
using System.Net.Http.Json;

namespace Faas.Sandbox.Tests.Faults;

/// <summary>Redis goes away in every way that it can, and comes back.</summary>
[TestLimit(300)]
[Trait("Machine", "Alone")]
public sealed class StoreFaultTests
{
    private const int TimeoutSeconds = 1;
    private static readonly string s_settings = $"faas.store.redis.timeout = {TimeoutSeconds}\nfaas.scripts.passivate-after = 10m";

    private static readonly Dictionary<string, (
        Func<RedisServer, TcpProxy, Task> Begin, Func<RedisServer, TcpProxy, Task> End)> s_faults = new()
        {
            ["it is paused"] = (Do((redis, _) => redis.Pause()), Do((redis, _) => redis.Resume())),
            ["it is killed and started again"] = ((redis, _) => redis.KillAsync(), (redis, _) => redis.RestartAsync()),
            ["it is out of memory"] = (
            (redis, _) => redis.CommandAsync("CONFIG", "SET", "maxmemory", "1"),
            (redis, _) => redis.CommandAsync("CONFIG", "SET", "maxmemory", "0")),
            ["it has become a read-only replica"] = (
            (redis, _) => redis.CommandAsync("REPLICAOF", "127.0.0.1", "1"), (redis, _) => redis.CommandAsync("REPLICAOF", "NO", "ONE")),
            ["it is too far away"] = (
            Do((_, proxy) => proxy.Delay = TimeSpan.FromSeconds(3 * TimeoutSeconds)), Do((_, proxy) => proxy.Delay = TimeSpan.Zero)),
            ["nothing arrives"] = (Do((_, proxy) => proxy.IsHole = true), Do((_, proxy) => proxy.IsHole = false)),
        };

    /// <summary>The faults that last.</summary>
    public static TheoryData<string> Faults => [.. s_faults.Keys];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Uploads_fail_in_time_runs_go_on_and_all_is_well_when(string fault)
    {
        await using var redis = await RedisServer.StartAsync();
        await using var proxy = new TcpProxy(redis.Port);
        await using var server = await StartAsync(redis, proxy);
        var before = await server.UploadAsync("kept", "python", "return 'before'");
        Assert.Equal("\"before\"", (await server.RunAsync("kept")).Data);
        Assert.Equal(HttpStatusCode.Created, await StableIsAsync(server, before));

        await s_faults[fault].Begin(redis, proxy);
        for (var turn = 0; turn < 2; turn++)
        {
            var watch = System.Diagnostics.Stopwatch.StartNew();
            var refused = await UploadAsync(server, "kept", "meanwhile");
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "store"), (refused.Status, refused.Reason));
            Assert.NotNull(refused.RetryAfter);

            // The script's actor may be stopped by the failed write and wait once more, to read what it had.
            Assert.InRange(watch.Elapsed, TimeSpan.Zero, Patience.Of(TimeSpan.FromSeconds((2 * TimeoutSeconds) + 2)));
            Assert.Equal("\"before\"", (await server.RunAsync($"kept?version={before}")).Data);

            if (turn == 0)
            {
                // A change that the store does not take ends the script's actor; calls go on all the same.
                Assert.Equal(HttpStatusCode.ServiceUnavailable, await ChangeAsync(server));
                Assert.Equal("\"before\"", (await server.RunAsync("kept?version=stable")).Data);
            }
        }

        await s_faults[fault].End(redis, proxy);

        await IsBackAsync(server);
        var after = await server.UploadAsync("kept", "python", "return 'after'");
        Assert.True(after > before);
        Assert.Equal("\"after\"", (await server.RunAsync("kept")).Data);
        Assert.Equal("\"before\"", (await server.RunAsync($"kept?version={before}")).Data);
        await server.EndAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Connections_that_are_cut_lose_no_acknowledged_version(bool half)
    {
        await using var redis = await RedisServer.StartAsync();
        await using var proxy = new TcpProxy(redis.Port);
        await using var server = await StartAsync(redis, proxy);
        var kept = new Dictionary<long, int>();

        for (var turn = 0; turn < 20; turn++)
        {
            var uploading = UploadAsync(server, "cut", $"{turn}");
            if (turn % 4 == 3)
            {
                if (half)
                {
                    proxy.HalfClose();
                }
                else
                {
                    proxy.Drop();
                }
            }

            var reply = await uploading;
            if (reply.Status == HttpStatusCode.OK)
            {
                kept.Add(reply.Body.GetProperty("version").GetInt64(), turn);
            }
            else
            {
                Assert.Equal((HttpStatusCode.ServiceUnavailable, "store"), (reply.Status, reply.Reason));
            }
        }

        await IsBackAsync(server);
        Assert.NotEmpty(kept);
        foreach (var (version, turn) in kept)
        {
            Assert.Equal($"\"{turn}\"", (await server.RunAsync($"cut?version={version}")).Data);
        }

        await server.EndAsync();
    }

    private static Func<RedisServer, TcpProxy, Task> Do(Action<RedisServer, TcpProxy> act) => (redis, proxy) =>
    {
        act(redis, proxy);
        return Task.CompletedTask;
    };

    private static Task<FaasServer> StartAsync(RedisServer redis, TcpProxy proxy) => FaasServer.StartAsync(
        s_settings,
        null,
        [.. redis.Environment.Where(variable => variable.Name != "REDIS_PORT"), (
            "REDIS_PORT", proxy.Port.ToString(CultureInfo.InvariantCulture))]);

    private static Task<Reply> UploadAsync(FaasServer server, string path, string value) =>
        server.ReplyAsync("/upload", new { path, language = "python", code = $"return '{value}'", force = true });

    private static async Task<HttpStatusCode> StableIsAsync(FaasServer server, long version)
    {
        using var moved = await server.Client.PutAsJsonAsync("/api/v1/scripts/kept/aliases/stable", new { version });
        return moved.StatusCode;
    }

    private static async Task<HttpStatusCode> ChangeAsync(FaasServer server)
    {
        using var changed = await server.Client.PatchAsJsonAsync("/api/v1/scripts/kept", new { keep = new { newest = 9 } });
        return changed.StatusCode;
    }

    // Without a restart, and within the two seconds that an operator is promised, on a machine that does nothing else.
    private static Task IsBackAsync(FaasServer server) => Eventually.HoldsAsync(
        async () => (await UploadAsync(server, "probe", "probe")).Status == HttpStatusCode.OK,
        TimeSpan.FromSeconds(10),
        () => $"uploads still fail\n{server.Log}");
}
