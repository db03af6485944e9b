using Faas.Actors.Scripts;
using Faas.Actors.Storage.Redis;
using Faas.Actors.Tests.Storage.Stores;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Faas.Actors.Tests.Storage.Redis;

/// <summary>Who owns a store, and what happens to one who does not any more.</summary>
public sealed class StoreLeaseTests(RedisServerStore store) : IClassFixture<RedisServerStore>
{
    private static readonly TimeSpan s_lease = TimeSpan.FromSeconds(3); // a busy machine renews it in time
    private readonly StoreKeys _keys = new($"lease-{Guid.NewGuid():N}:");

    [Fact]
    public async Task One_server_owns_the_store_until_it_lets_it_go()
    {
        await using var first = await OpenAsync();
        await first.Lease.TakeAsync(default);
        await using var second = await OpenAsync();

        var refused = await Assert.ThrowsAsync<StoreStartException>(() => second.Lease.TakeAsync(default));
        await first.Lease.ReleaseAsync();
        await second.Lease.TakeAsync(default);

        Assert.Equal(
            $"{store.Connection.Name} with the prefix \"{_keys.Prefix}\" is in use by another server (process {Environment.ProcessId} on "
            + $"{Environment.MachineName}). Stop that one, or give this one another faas.store.key-prefix.",
            refused.Message);
        Assert.Equal(("1", "2"), (first.Connection.Fence!.Value, second.Connection.Fence!.Value));
        Assert.Null(first.Lease.Loss);
    }

    [Fact]
    public async Task An_owner_that_has_ended_on_this_machine_is_replaced_at_once_and_one_elsewhere_when_its_lease_ends()
    {
        var own = StoreOwner.ThisServer();
        var ended = own with { Pid = 1 << 22, Identity = $"{1 << 22}-{own.Identity.Split('-')[1]}" };
        await SetOwnerAsync(ended, TimeSpan.FromHours(1));
        await using var successor = await OpenAsync();
        await successor.Lease.TakeAsync(default);
        await successor.Lease.ReleaseAsync();

        await SetOwnerAsync(ended with { Boot = "another kernel" }, TimeSpan.FromSeconds(0.5));
        await using var patient = await OpenAsync();
        await patient.Lease.TakeAsync(default);

        Assert.Equal("2", patient.Connection.Fence!.Value);
        Assert.Equal((true, false, false), (ended.HasEnded, own.HasEnded, (ended with { Boot = "another kernel" }).HasEnded));
    }

    [Fact]
    public async Task A_server_whose_store_was_taken_over_changes_nothing_more_and_ends()
    {
        await using var first = await OpenAsync();
        await first.Lease.TakeAsync(default);
        var codes = new RedisCodeStore(first.Connection, _keys);
        var code = ScriptCode.Of(Language.Python, "return 1");
        await codes.PutAsync(code, "p", default);
        await store.Connection.CallAsync(database => database.KeyDeleteAsync(_keys.Owner), default); // as if it had stood still
        await using var second = await OpenAsync();
        await second.Lease.TakeAsync(default);

        await codes.ReleaseAsync(CodeName.Of(code), "p", (await codes.ReferenceAsync(CodeName.Of(code), "p", default))!, default);
        Assert.NotNull(await codes.GetAsync(code.Language, code.Hash, default));
        await Eventually.HoldsAsync(() => first.Life.IsStopped, TimeSpan.FromSeconds(10), () => "it goes on");
        Assert.Equal(
            $"{store.Connection.Name} has been taken over by another server (process {Environment.ProcessId} on {Environment.MachineName}); "
            + "this one ends, and has stored nothing since.",
            first.Lease.Loss);
        await first.Lease.ReleaseAsync();
        Assert.True(await store.Connection.CallAsync(database => database.KeyExistsAsync(_keys.Owner), default)); // it is the other one's
        Assert.False(second.Life.IsStopped);
    }

    [Fact]
    public async Task An_owner_whose_lease_ran_out_unnoticed_goes_on_and_one_whose_store_was_emptied_ends()
    {
        await using var server = await OpenAsync();
        await server.Lease.TakeAsync(default);
        await store.Connection.CallAsync(database => database.KeyDeleteAsync(_keys.Owner), default);
        await Eventually.HoldsAsync(
            () => store.Connection.CallAsync(database => database.KeyExistsAsync(_keys.Owner), default),
            TimeSpan.FromSeconds(10),
            () => "the lease is not renewed");
        Assert.False(server.Life.IsStopped);

        await store.Connection.CallAsync(database => database.KeyDeleteAsync([_keys.Owner, _keys.Epoch]), default);
        await Eventually.HoldsAsync(() => server.Life.IsStopped, TimeSpan.FromSeconds(10), () => "it goes on");
        Assert.Contains(" is not as this server has left it: ", server.Lease.Loss, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_nodes_of_a_cluster_own_the_store_together_and_keep_a_server_alone_out()
    {
        await using var node = await OpenAsync(isShared: true);
        await using var other = await OpenAsync(isShared: true);
        await node.Lease.TakeAsync(default);
        await other.Lease.TakeAsync(default);
        await using var alone = await OpenAsync();

        var refused = await Assert.ThrowsAsync<StoreStartException>(() => alone.Lease.TakeAsync(default));

        Assert.Contains("is in use by another server (the nodes of a cluster). Stop that", refused.Message, StringComparison.Ordinal);
        Assert.Equal((null, null), (node.Connection.Fence, other.Connection.Fence)); // the leases of shards are theirs
        await node.Lease.ReleaseAsync();
        Assert.Equal((false, false), (node.Life.IsStopped, other.Life.IsStopped));
    }

    [Fact]
    public async Task A_server_alone_keeps_nodes_out_and_changes_nothing_once_they_have_the_store()
    {
        await using var alone = await OpenAsync();
        await alone.Lease.TakeAsync(default);
        await using var node = await OpenAsync(isShared: true);
        await Assert.ThrowsAsync<StoreStartException>(() => node.Lease.TakeAsync(default));

        await store.Connection.CallAsync(database => database.KeyDeleteAsync(_keys.Owner), default); // as if it had stood still
        await node.Lease.TakeAsync(default);

        await Eventually.HoldsAsync(() => alone.Life.IsStopped, TimeSpan.FromSeconds(10), () => "it goes on");
        Assert.Contains("taken over by another server (the nodes of a cluster);", alone.Lease.Loss, StringComparison.Ordinal);
        Assert.False(node.Life.IsStopped);
    }

    [Fact]
    public async Task A_node_whose_store_a_server_alone_has_taken_ends()
    {
        await using var node = await OpenAsync(isShared: true);
        await node.Lease.TakeAsync(default);
        await SetOwnerAsync(StoreOwner.ThisServer(), TimeSpan.FromHours(1)); // as if all nodes had stood still
        await Eventually.HoldsAsync(() => node.Life.IsStopped, TimeSpan.FromSeconds(10), () => "it goes on");
        Assert.Contains($"taken over by another server (process {Environment.ProcessId} on", node.Lease.Loss, StringComparison.Ordinal);
    }

    private async Task<Server> OpenAsync(bool isShared = false)
    {
        var connection = RedisConnection.To(store.Options.Redis!, store.Options.Timeout);
        await connection.WaitUntilReachableAsync(default);
        var life = new Life();
        return new Server(connection, life, new StoreLease(connection, _keys, s_lease, life, NullLogger<StoreLease>.Instance, isShared));
    }

    private Task<bool> SetOwnerAsync(StoreOwner owner, TimeSpan left) =>
        store.Connection.CallAsync(database => database.StringSetAsync(_keys.Owner, owner.ToValue(), left), default);

    private sealed record Server(RedisConnection Connection, Life Life, StoreLease Lease) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Lease.DisposeAsync();
            await Connection.DisposeAsync();
        }
    }

    private sealed class Life : IHostApplicationLifetime
    {
        private volatile bool _isStopped;

        public bool IsStopped => _isStopped;

        public CancellationToken ApplicationStarted => default;

        public CancellationToken ApplicationStopping => default;

        public CancellationToken ApplicationStopped => default;

        public void StopApplication() => _isStopped = true;
    }
}
