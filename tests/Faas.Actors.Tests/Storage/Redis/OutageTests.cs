using Akka.Actor;
using Faas.Actors.Storage.Redis;
using Faas.Actors.Tests.Storage.AkkaPlugins;
using Faas.Actors.Tests.Storage.Stores;
using Xunit;

namespace Faas.Actors.Tests.Storage.Redis;

public sealed class OutageOnRedis(RedisServerStore store)
    : OutageTests(store, RedisConnection.To(store.Options.Redis!, Timeout)), IClassFixture<RedisServerStore>;

public sealed class OutageOnTheEmbeddedStore(EmbeddedStore store)
    : OutageTests(store, RedisConnection.To("The embedded store", () => store.Socket, Timeout)), IClassFixture<EmbeddedStore>;

/// <summary>Redis hangs while an actor persists.</summary>
public abstract class OutageTests(StoreFixture store, RedisConnection connection)
    : StoreTestKit(store, store.Options with { Timeout = Timeout }, connection), IAsyncLifetime
{
    // Redis answers within it when it does not hang, on a busy disk, too.
    protected static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await Connection.DisposeAsync();

    [Fact]
    public async Task A_write_while_redis_hangs_fails_within_the_time_out_and_stops_the_actor()
    {
        var counter = await StartAsync(0);
        await CountsAsync(counter, 1);

        await WhileRedisHangsAsync(async () =>
        {
            counter.Tell("event");

            var failed = await ExpectMsgAsync<Counter.Failed>(s_patience);
            Assert.EndsWith("did not answer within 2 s.", failed.Why, StringComparison.Ordinal);
            await ExpectTerminatedAsync(counter);
        });
    }

    [Fact]
    public async Task A_recovery_while_redis_hangs_fails_and_the_next_one_works()
    {
        await CountsAsync(await StartAsync(0), 1);

        await WhileRedisHangsAsync(async () =>
        {
            Watch(Sys.ActorOf(Props.Create(() => new Counter(Pid, TestActor))));
            var failed = await ExpectMsgAsync<Counter.Failed>(s_patience);
            Assert.EndsWith("did not answer within 2 s.", failed.Why, StringComparison.Ordinal);
        });

        await ExpectMsgAsync<Terminated>();
        await StartAsync(1);
    }

    [Fact]
    public async Task An_actor_comes_back_from_its_snapshot_and_the_events_after_it()
    {
        var counter = await StartAsync(0);
        await CountsAsync(counter, 1);
        counter.Tell("snapshot");
        await ExpectMsgAsync("saved");
        await CountsAsync(counter, 2);
        Sys.Stop(counter);
        await ExpectTerminatedAsync(counter);
        await Store.Connection.CallAsync(database => database.SortedSetRemoveRangeByScoreAsync(Store.Keys.Journal(Pid), 1, 1), default);

        await StartAsync(2);
    }

    private async Task<IActorRef> StartAsync(int recovered)
    {
        var counter = Watch(Sys.ActorOf(Props.Create(() => new Counter(Pid, TestActor))));
        await ExpectMsgAsync($"recovered {recovered}", s_patience);
        return counter;
    }

    private async Task CountsAsync(IActorRef counter, int count)
    {
        counter.Tell("event");
        await ExpectMsgAsync(count);
    }

    private async Task WhileRedisHangsAsync(Func<Task> act)
    {
        Signals.Send(Store.ServerProcessId, Signals.Stop);
        try
        {
            await act();
        }
        finally
        {
            Signals.Send(Store.ServerProcessId, Signals.Continue);
            await Outage.EndsWithinAsync(TimeSpan.FromSeconds(2), Connection);
        }
    }
}
