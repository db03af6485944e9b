using System.Diagnostics;
using Faas.Actors.Scripts;
using Faas.Actors.Storage.Redis;
using Faas.Actors.Tests.Storage.Stores;
using Xunit;

namespace Faas.Actors.Tests.Storage.Redis;

public sealed class RedisConnectionTests(RedisServerStore store) : IClassFixture<RedisServerStore>
{
    private RedisEndpoint Endpoint => store.Options.Redis!;

    [Theory]
    [InlineData("wrong")]
    [InlineData("")]
    public async Task A_wrong_password_is_said_to_be_one(string password)
    {
        await using var connection = RedisConnection.To(Endpoint with { Password = password }, TimeSpan.FromSeconds(1));

        var failure = await Assert.ThrowsAsync<StoreStartException>(() => connection.WaitUntilReachableAsync(default));

        Assert.Equal(
            $"The store is not usable: Redis at 127.0.0.1:{Endpoint.Port} refuses the password; check REDIS_PASSWORD (faas.store.redis.password), or REDIS_URL (faas.store.redis.url).",
            failure.Message);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_said_not_to_be()
    {
        var port = FreePort.Find();
        await using var connection = RedisConnection.To(Endpoint with { Port = port }, TimeSpan.FromSeconds(1));

        var failure = await Assert.ThrowsAsync<StoreStartException>(() => connection.WaitUntilReachableAsync(default));

        Assert.StartsWith(
            $"The store is not usable: Redis at 127.0.0.1:{port} is not reachable: ", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }

    [Fact]
    public async Task A_host_name_that_does_not_resolve_is_said_not_to()
    {
        await using var connection = RedisConnection.To(Endpoint with { Host = "no-such-host.invalid" }, TimeSpan.FromSeconds(1));

        Assert.StartsWith("Redis at no-such-host.invalid:", await connection.WhyUnreachableAsync(default), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_does_not_exist_is_refused()
    {
        await using var connection = RedisConnection.To(Endpoint with { Database = 4000 }, TimeSpan.FromSeconds(30));

        var why = await connection.WhyUnreachableAsync(default);

        Assert.Contains("database", why, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Two_databases_do_not_see_each_other()
    {
        await using var other = RedisConnection.To(Endpoint with { Database = 4 }, store.Options.Timeout);
        await store.Connection.CallAsync(database => database.StringSetAsync("journal:persisted:here:highestSequenceNr", 1), default);
        await other.CallAsync(database => database.StringSetAsync("journal:persisted:there:highestSequenceNr", 1), default);

        Assert.Equal([("here", 1)], await new RedisPersistenceIds(store.Connection, new StoreKeys("")).ListAsync("", default));
        Assert.Equal([("there", 1)], await new RedisPersistenceIds(other, new StoreKeys("")).ListAsync("", default));
    }

    [Fact]
    public async Task A_configuration_string_connects_as_well()
    {
        await using var connection = RedisConnection.To(
            $"127.0.0.1:{Endpoint.Port},password=\"x\",connectTimeout=1000,asyncTimeout=700", database: null);

        Assert.Equal(TimeSpan.FromMilliseconds(700), connection.Timeout);
        Assert.Contains("refuses the password", await connection.WhyUnreachableAsync(default), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_is_over_when_its_caller_gives_up()
    {
        using var given = new CancellationTokenSource();
        var call = store.Connection.CallAsync(_ => new TaskCompletionSource<int>().Task, given.Token);

        await given.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    [Trait("Machine", "Alone")]
    public async Task A_stopped_server_fails_calls_within_the_time_out_and_serves_the_next_when_it_goes_on()
    {
        var timeout = TimeSpan.FromMilliseconds(500);
        await using var connection = RedisConnection.To(Endpoint, timeout);
        await Outage.EndsWithinAsync(TimeSpan.FromSeconds(20), connection); // a process's first connection may take longer than a call may

        Signals.Send(store.ServerProcessId, Signals.Stop);
        try
        {
            var waited = Stopwatch.StartNew();
            var failure = await Assert.ThrowsAsync<StoreException>(
                () => connection.CallAsync(database => database.StringSetAsync("a", "b"), default));

            Assert.InRange(waited.Elapsed, TimeSpan.FromMilliseconds(400), TimeSpan.FromSeconds(3));
            Assert.Equal($"Redis at 127.0.0.1:{Endpoint.Port} did not answer within 0.5 s.", failure.Message);
        }
        finally
        {
            Signals.Send(store.ServerProcessId, Signals.Continue);
        }

        await Outage.EndsWithinAsync(TimeSpan.FromSeconds(2), connection);
    }

    [Fact]
    [Trait("Machine", "Alone")]
    public async Task A_server_that_restarts_is_found_again_and_calls_fail_at_once_meanwhile()
    {
        await using var server = new RestartableServer();
        await server.StartAsync();
        Signals.Send(server.Store.ServerProcessId, Signals.Kill);
        await Outage.BeginsAsync(server.Store.Connection);

        var waited = Stopwatch.StartNew();
        await Assert.ThrowsAsync<StoreException>(() => server.Store.Connection.CallAsync(database => database.PingAsync(), default));
        Assert.InRange(waited.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(1)); // the time-out is 5 s

        await server.Store.RestartAsync();

        await Outage.EndsWithinAsync(TimeSpan.FromSeconds(2), server.Store.Connection);
    }

    private sealed class RestartableServer : IAsyncDisposable
    {
        public RedisServerStore Store { get; } = new();

        public Task StartAsync() => Store.InitializeAsync();

        public async ValueTask DisposeAsync() => await Store.DisposeAsync();
    }
}
