using System.Diagnostics;
using System.Net;
using Faas.Sandbox.Tests.Settings;

namespace Faas.Sandbox.Tests.Faults;

/// <summary>Two real servers that are given the same Redis and the same prefix.</summary>
[TestLimit(240)]
public sealed class StoreOwnerTests
{
    private const string Lease = "faas.store.redis.lease = 3s";
    private static readonly TimeSpan s_failover = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task The_second_does_not_start_and_names_the_first()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var first = await FaasServer.StartAsync(Lease, null, redis.Environment);

        var (exitCode, log) = await FaasServer.StartAndFailAsync(Lease, redis.Environment);

        Assert.Equal(
            (75, $"faas: Redis at 127.0.0.1:{redis.Port} with the prefix \"faas:\" is in use by another server (process {first.Pid} on {Environment.MachineName}). Stop that one, or give this one another faas.store.key-prefix."),
            (exitCode, log.Trim()));
        await first.EndAsync();
        await using var successor = await FaasServer.StartAsync(Lease, null, redis.Environment);
        await successor.EndAsync();
    }

    [Fact]
    [Proves("store.redis.lease")]
    public async Task A_successor_of_a_server_that_was_killed_starts_at_once_whatever_its_lease()
    {
        const string lease = "faas.store.redis.lease = 5m";
        await using var redis = await RedisServer.StartAsync();
        await using var killed = await FaasServer.StartAsync(lease, null, redis.Environment);
        var version = await killed.UploadAsync("kept", "python", "return 1");
        await killed.KillAsync();
        var watch = Stopwatch.StartNew();

        await using var successor = await FaasServer.StartAsync(lease, null, redis.Environment);

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        Assert.Equal("1", (await successor.RunAsync($"kept?version={version}")).Data);
        Assert.Contains("which has ended without letting it go; this server takes it over.", successor.Log, StringComparison.Ordinal);
        await successor.EndAsync();
    }

    [Fact]
    public async Task The_owner_goes_on_by_the_replica_that_has_taken_over_and_a_second_server_is_still_kept_out()
    {
        await using var main = await RedisServer.StartAsync();
        await using var replica = await RedisServer.StartAsync(
            null, "--replicaof", "127.0.0.1", $"{main.Port}", "--masterauth", RedisServer.Password);
        await using var sentinel = await RedisSentinel.StartAsync(main);
        await Eventually.HoldsAsync(async () => await sentinel.CountReplicasAsync() == 1, s_failover, () => "it knows no replica");
        var store = ("REDIS_CONFIGURATION", sentinel.Configuration);
        await using var owner = await FaasServer.StartAsync(Lease, null, store);
        var before = await owner.UploadAsync("both", "python", "return 'before'");
        await main.UseAsync(async database =>
        {
            await database.StringSetAsync("last", 1);
            Assert.Equal(1, (int)await database.ExecuteAsync("WAIT", "1", "0"));
        });

        await main.KillAsync();

        await Eventually.HoldsAsync(
            async () =>
            {
                var upload = await owner.ReplyAsync("/upload", new { path = "both", language = "python", code = "return 'after'" });
                return upload.Status == HttpStatusCode.OK;
            },
            s_failover,
            () => owner.Log);
        Assert.Equal("\"before\"", (await owner.RunAsync($"both?version={before}")).Data);
        Assert.Equal("\"after\"", (await owner.RunAsync("both")).Data);

        // A server that starts while the sentinel tells of two servers may be led to the one that is gone, and does not start either.
        var second = (ExitCode: 0, Log: "");
        await Eventually.HoldsAsync(
            async () =>
            {
                second = await FaasServer.StartAndFailAsync(Lease, store);
                return second.Log.Contains($"is in use by another server (process {owner.Pid} on ", StringComparison.Ordinal);
            },
            s_failover,
            () => second.Log);
        Assert.Equal(75, second.ExitCode);
        await owner.EndAsync();
    }

    [Fact]
    public async Task A_server_that_stood_still_for_too_long_acknowledges_nothing_more_and_ends_and_nothing_is_lost()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var still = await FaasServer.StartAsync(Lease, null, redis.Environment);
        var before = await still.UploadAsync("both", "python", "return 'before'");
        Signals.Send(still.Pid, Signals.Stop);
        await using var successor = await FaasServer.StartAsync(Lease, null, redis.Environment);
        var after = await successor.UploadAsync("both", "python", "return 'after'");
        Signals.Send(still.Pid, Signals.Continue);

        try
        {
            var late = await still.ReplyAsync("/upload", new { path = "both", language = "python", code = "return 'late'" });
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "store"), (late.Status, late.Reason == "draining" ? "store" : late.Reason));
        }
        catch (HttpRequestException)
        {
            // It has ended already.
        }

        Assert.Equal(75, await still.EndedAsync());
        Assert.Contains(
            $"faas: Redis at 127.0.0.1:{redis.Port} has been taken over by another server (process {successor.Pid} on ", still.Log, StringComparison.Ordinal);
        await successor.KillAsync();
        await using var last = await FaasServer.StartAsync(Lease, null, redis.Environment);
        Assert.Equal("\"before\"", (await last.RunAsync($"both?version={before}")).Data);
        Assert.Equal("\"after\"", (await last.RunAsync($"both?version={after}")).Data);
        Assert.Equal("\"after\"", (await last.RunAsync("both")).Data);
        await last.EndAsync();
    }
}
