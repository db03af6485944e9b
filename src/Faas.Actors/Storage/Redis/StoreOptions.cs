using Faas.Actors.Configuration;

namespace Faas.Actors.Storage.Redis;

/// <summary><c>faas.store</c> of hocon/faas.conf, which documents each value.</summary>
/// <param name="KeyPrefix">Prefix of every key.</param>
/// <param name="Redis">A Redis server over TCP; null: the embedded store.</param>
/// <param name="Timeout">How long to wait for a connection or an answer.</param>
/// <param name="DataDir">Folder of the embedded store.</param>
/// <param name="Executable">redis-server of the embedded store.</param>
public sealed record StoreOptions(string KeyPrefix, RedisEndpoint? Redis, TimeSpan Timeout, string DataDir, string Executable)
{
    /// <summary>Reads and checks the section; throws <see cref="SettingException"/>.</summary>
    public static StoreOptions From(Settings settings)
    {
        var host = settings.Text("faas.store.redis.host");
        var endpoint = new RedisEndpoint(
            host,
            settings.Int("faas.store.redis.port", 1, 65535),
            settings.Text("faas.store.redis.password"),
            settings.Int("faas.store.redis.database", 0, 16383));
        if (host.Length == 0 && endpoint.Password.Length > 0)
        {
            throw new SettingException(
                "faas.store.redis.password", "(not shown)", "nothing as long as faas.store.redis.host (REDIS_HOST) names no Redis server");
        }

        return new StoreOptions(
            settings.Text("faas.store.key-prefix"),
            host.Length == 0 ? null : endpoint,
            settings.Duration("faas.store.redis.timeout", TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5)),
            settings.Name("faas.store.embedded.data-dir"),
            settings.Name("faas.store.embedded.executable"));
    }
}

/// <summary>Where a Redis server listens.</summary>
public sealed record RedisEndpoint(string Host, int Port, string Password, int Database);
