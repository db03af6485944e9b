using Akka.Actor;
using Akka.Configuration;
using Faas.Actors.Storage.Redis;

namespace Faas.Actors.Storage.AkkaPlugins;

/// <summary>
/// What journal and snapshot store take from their HOCON section, whose keys are those of the
/// Akka.Persistence.Redis package: with a <c>configuration-string</c> a plugin opens, and owns, a connection of
/// its own; without one it uses that of <see cref="RedisStoreSetup"/>.
/// </summary>
internal sealed class RedisPlugin : IAsyncDisposable
{
    private readonly bool _owned;

    private RedisPlugin(RedisConnection connection, bool owned, StoreKeys keys)
    {
        Connection = connection;
        _owned = owned;
        Keys = keys;
    }

    public RedisConnection Connection { get; }

    public StoreKeys Keys { get; }

    /// <summary>Throws <see cref="ConfigurationException"/> when there is nothing to connect to.</summary>
    public static RedisPlugin Open(ActorSystem system, Config config)
    {
        var keys = new StoreKeys(config.GetString("key-prefix", ""));
        if (config.GetString("configuration-string", "") is { Length: > 0 } configuration)
        {
            var own = config.GetBoolean("use-database-number-from-connection-string");
            return new RedisPlugin(RedisConnection.To(configuration, own ? null : config.GetInt("database")), owned: true, keys);
        }

        return system.Settings.Setup.Get<RedisStoreSetup>() is { HasValue: true, Value: var setup }
            ? new RedisPlugin(setup.Connection, owned: false, keys)
            : throw new ConfigurationException(
                "The Redis persistence plugin needs a configuration-string, or a RedisStoreSetup in the actor system's setup.");
    }

    public ValueTask DisposeAsync() => _owned ? Connection.DisposeAsync() : ValueTask.CompletedTask;
}
