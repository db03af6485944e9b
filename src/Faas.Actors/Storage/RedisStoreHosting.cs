using System.Globalization;
using Akka.Configuration;
using Akka.Hosting;
using Faas.Actors.Scripts.Catalog;
using Faas.Actors.Scripts.Code;
using Faas.Actors.Storage.AkkaPlugins;
using Faas.Actors.Storage.Embedded;
using Faas.Actors.Storage.Redis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Faas.Actors.Storage;

/// <summary>Wires the store: <see cref="AddRedisStore"/> into the host, <see cref="WithRedisStore"/> into the actor system.</summary>
public static class RedisStoreHosting
{
    /// <summary>
    /// Registers the connection (and the embedded redis-server, if no Redis is named), <see cref="ICodeStore"/>,
    /// <see cref="RecentCode"/>, <see cref="IScriptCatalog"/> and <see cref="IPersistenceIds"/>. Nothing connects before the host starts.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="options">Which store.</param>
    /// <param name="codeCacheBytes">Code kept in memory, <c>faas.scripts.code-cache-size</c>.</param>
    public static IServiceCollection AddRedisStore(this IServiceCollection services, StoreOptions options, long codeCacheBytes)
    {
        var keys = new StoreKeys(options.KeyPrefix);
        if (options.Redis is { } endpoint)
        {
            services.AddSingleton(RedisConnection.To(endpoint, options.Timeout));
        }
        else
        {
            services.AddSingleton(provider => new EmbeddedRedis(options, provider.GetRequiredService<ILogger<EmbeddedRedis>>()));
            services.AddSingleton(provider =>
            {
                var embedded = provider.GetRequiredService<EmbeddedRedis>();
                return RedisConnection.To(embedded.Name, () => embedded.Socket, options.Timeout);
            });
        }

        return services
            .AddSingleton(new RecentCode(codeCacheBytes))
            .AddSingleton<IHostedService>(provider => new RedisStoreService(provider.GetRequiredService<RedisConnection>(), provider.GetService<EmbeddedRedis>()))
            .AddSingleton<ICodeStore>(provider => new CachedCodeStore(new RedisCodeStore(provider.GetRequiredService<RedisConnection>(), keys), provider.GetRequiredService<RecentCode>()))
            .AddSingleton<IScriptCatalog>(provider => new RedisScriptCatalog(provider.GetRequiredService<RedisConnection>(), keys))
            .AddSingleton<IPersistenceIds>(provider => new RedisPersistenceIds(provider.GetRequiredService<RedisConnection>(), keys));
    }

    /// <summary>Makes the Redis plugins, on the shared connection, the actor system's journal and snapshot store.</summary>
    public static AkkaConfigurationBuilder WithRedisStore(this AkkaConfigurationBuilder builder, RedisConnection connection, StoreOptions options) =>
        builder
            .AddSetup(new RedisStoreSetup(connection))
            .AddHocon(PluginConfig(options), HoconAddMode.Prepend);

    /// <summary>
    /// The plugins' sections. Calls end by the store's own time-out, well before the circuit breaker's; the breaker
    /// tries again a second after it opened, so that it adds little to an outage.
    /// </summary>
    public static Config PluginConfig(StoreOptions options)
    {
        var prefix = options.KeyPrefix.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        var callTimeout = (2 * options.Timeout.TotalMilliseconds) + 1000;
        var common = string.Create(CultureInfo.InvariantCulture, $$"""
            plugin-dispatcher = "akka.actor.default-dispatcher"
            key-prefix = "{{prefix}}"
            circuit-breaker { max-failures = 10, call-timeout = {{callTimeout:F0}}ms, reset-timeout = 1s }
            """);
        return ConfigurationFactory.ParseString($$"""
            akka.persistence.journal.plugin = "akka.persistence.journal.redis"
            akka.persistence.journal.redis {
                class = "{{typeof(RedisJournal).FullName}}, {{typeof(RedisJournal).Assembly.GetName().Name}}"
                {{common}}
            }
            akka.persistence.snapshot-store.plugin = "akka.persistence.snapshot-store.redis"
            akka.persistence.snapshot-store.redis {
                class = "{{typeof(RedisSnapshotStore).FullName}}, {{typeof(RedisSnapshotStore).Assembly.GetName().Name}}"
                {{common}}
            }
            """);
    }
}
