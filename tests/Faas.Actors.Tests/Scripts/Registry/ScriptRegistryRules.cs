using System.Collections.Concurrent;
using Akka.Actor;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Catalog;
using Faas.Actors.Storage.Redis;
using Faas.Actors.Tests.Storage;
using Faas.Actors.Tests.Storage.Stores;
using Xunit;

namespace Faas.Actors.Tests.Scripts.Registry;

public sealed class ScriptRegistryRulesOnRedis(RedisServerStore store) : ScriptRegistryRules(store), IClassFixture<RedisServerStore>;

public sealed class ScriptRegistryRulesOnTheEmbeddedStore(EmbeddedStore store) : ScriptRegistryRules(store), IClassFixture<EmbeddedStore>;

/// <summary>The registry on a real store.</summary>
public abstract class ScriptRegistryRules : ScriptTestKit
{
    private readonly RedisConnection _connection;
    private readonly StoreKeys _keys;

    protected ScriptRegistryRules(StoreFixture store)
        : this(store, store.Options with { KeyPrefix = $"scripts-{Guid.NewGuid():N}:" })
    {
    }

    private ScriptRegistryRules(StoreFixture store, StoreOptions options)
        : base(StoreTestKit.SystemOn(options, store.Connection)) =>
            (_connection, _keys) = (store.Connection, new StoreKeys(options.KeyPrefix));

    private RedisCodeStore Codes => new RedisCodeStore(_connection, _keys);

    private RedisScriptCatalog Catalog => new RedisScriptCatalog(_connection, _keys);

    [Fact]
    public async Task A_thousand_uploads_of_8_askers_are_a_thousand_versions_also_for_the_next_registry()
    {
        var registry = Registry();
        var versions = new ConcurrentDictionary<long, int>();
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            for (int i; (i = Interlocked.Increment(ref next)) < 1000;)
            {
                Assert.True(versions.TryAdd((await PublishAsync(registry, "many", $"return {i}")).Version, i));
            }
        }));
        await StopAsync(registry);

        registry = Registry();
        foreach (var (version, i) in versions)
        {
            var found = Assert.IsType<VersionFound>(await GetAsync(registry, "many", version));
            Assert.Equal($"return {i}", (await Codes.GetAsync(Language.JavaScript, found.Version.CodeHash, default))?.Source);
        }

        Assert.Equal(1000, versions.Count);
        Assert.Equal(1000, (await ListsAsync(list => list.Scripts is [{ Versions: 1000 }])).Scripts[0].Versions);
    }

    [Fact]
    public async Task A_list_that_was_lost_is_made_anew_at_the_start_and_on_demand()
    {
        var registry = Registry();
        foreach (var path in new[] { "a", "b/c", "ü" })
        {
            await PublishAsync(registry, path, "return 1");
        }

        var whole = await ListsAsync(list => list.Scripts.Count == 3);
        await Catalog.ClearAsync(default);
        Assert.Empty((await ListAsync()).Scripts);

        Assert.Equal(new CatalogRebuilt(3), await Keeper.Ask<object>(RebuildCatalog.Instance, Patience));
        Assert.Equal(whole.Scripts, (await ListAsync()).Scripts);

        await StopAsync(registry);
        await Catalog.ClearAsync(default);
        Registry();
        Assert.Equal(whole.Scripts, (await ListsAsync(list => list.Scripts.Count == 3)).Scripts);
    }

    private IActorRef Registry() =>
        Registry(Codes, Catalog, new RedisPersistenceIds(_connection, _keys), Options with { SnapshotEvery = 30 });
}
