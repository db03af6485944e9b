using System.Globalization;
using Akka.Configuration;
using Akka.Hosting;
using Faas.Actors.Configuration;
using Faas.Actors.Runs.Batches;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Schedules;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Catalog;
using Faas.Actors.Scripts.Code;
using Faas.Actors.Storage.AkkaPlugins;
using Faas.Actors.Storage.Embedded;
using Faas.Actors.Storage.Redis;
using Faas.Actors.Telemetry;
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
    /// <param name="isShared">Whether this server is a node of a cluster, whose nodes own the store together.</param>
    public static IServiceCollection AddRedisStore(
        this IServiceCollection services, StoreOptions options, long codeCacheBytes, bool isShared = false)
    {
        var keys = new StoreKeys(options.KeyPrefix);
        if (options.Redis is { } endpoint)
        {
            services.AddSingleton(provider => Measured(RedisConnection.To(endpoint, options.Timeout), provider));
            if (isShared || options.Lease > TimeSpan.Zero)
            {
                services.AddSingleton(provider => new StoreLease(
                    provider.GetRequiredService<RedisConnection>(),
                    keys,
                    isShared ? StoreLease.OfCluster : options.Lease,
                    provider.GetRequiredService<IHostApplicationLifetime>(),
                    provider.GetRequiredService<ILogger<StoreLease>>(),
                    isShared));
            }
        }
        else
        {
            services.AddSingleton(provider => new EmbeddedRedis(options, provider.GetRequiredService<ILogger<EmbeddedRedis>>()));
            services.AddSingleton(provider =>
            {
                var embedded = provider.GetRequiredService<EmbeddedRedis>();
                var connection = RedisConnection.To(embedded.Name, () => embedded.Socket, options.Timeout);
                connection.Disk = embedded;
                return Measured(connection, provider);
            });
        }

        return services
            .AddSingleton(new RecentCode(codeCacheBytes))
            .AddSingleton<IHostedService>(
                provider => new RedisStoreService(
                    provider.GetRequiredService<RedisConnection>(),
                    provider.GetRequiredService<RedisReport>(),
                    provider.GetService<EmbeddedRedis>(),
                    provider.GetService<StoreLease>()))
            .AddSingleton(provider => new RedisReport(provider.GetRequiredService<RedisConnection>(), keys))
            .AddSingleton<IStoreReport>(provider => provider.GetRequiredService<RedisReport>())
            .AddSingleton<ICodeStore>(provider => new CachedCodeStore(
                new RedisCodeStore(provider.GetRequiredService<RedisConnection>(), keys),
                provider.GetRequiredService<RecentCode>(),
                provider.GetService<ICodeListener>()))
            .AddSingleton<IScriptCatalog>(provider => new RedisScriptCatalog(provider.GetRequiredService<RedisConnection>(), keys))
            .AddSingleton<IKeptRuns>(provider => new MeasuredKeptRuns(
                new RedisKeptRuns(
                    provider.GetRequiredService<RedisConnection>(), keys, provider.GetRequiredService<KeptRunsOptions>()),
                provider.GetRequiredService<KeptMeters>()))
            .AddSingleton<ICallbacks>(provider => new MeasuredCallbacks(
                new RedisCallbacks(provider.GetRequiredService<RedisConnection>(), keys), provider.GetRequiredService<KeptMeters>()))
            .AddSingleton<IBatches>(provider => new MeasuredBatches(
                new RedisBatches(
                    provider.GetRequiredService<RedisConnection>(), keys, provider.GetRequiredService<KeptRunsOptions>()),
                provider.GetRequiredService<KeptMeters>()))
            .AddSingleton<ISchedules>(provider => new MeasuredSchedules(
                new RedisSchedules(
                    provider.GetRequiredService<RedisConnection>(),
                    keys,
                    provider.GetRequiredService<SchedulesOptions>(),
                    provider.GetRequiredService<KeptRunsOptions>()),
                provider.GetRequiredService<ScheduleMeters>(),
                provider.GetRequiredService<KeptMeters>()))
            .AddSingleton<IPersistenceIds>(provider => new RedisPersistenceIds(provider.GetRequiredService<RedisConnection>(), keys));
    }

    private static RedisConnection Measured(RedisConnection connection, IServiceProvider services)
    {
        connection.Meters = services.GetService<StoreMeters>();
        return connection;
    }

    /// <summary>Makes the Redis plugins, on the shared connection, the actor system's journal and snapshot store.</summary>
    public static AkkaConfigurationBuilder WithRedisStore(
        this AkkaConfigurationBuilder builder, RedisConnection connection, StoreOptions options) =>
        builder
            .AddSetup(new RedisStoreSetup(connection))
            .AddHocon(PluginConfig(options), HoconAddMode.Prepend);

    /// <summary>The plugins' sections: AkkaPlugins/redis-plugins.conf, and the two values that follow from the settings.</summary>
    public static Config PluginConfig(StoreOptions options)
    {
        var callTimeout = (2 * options.Timeout.TotalMilliseconds) + 1000;
        var values = string.Create(CultureInfo.InvariantCulture, $$"""
            key-prefix = {{HoconQuote.Of(options.KeyPrefix)}}
            circuit-breaker.call-timeout = {{callTimeout:F0}}ms
            """);
        return ConfigurationFactory.ParseString($$"""
            akka.persistence.journal.redis {
            {{values}}
            }
            akka.persistence.snapshot-store.redis {
            {{values}}
            }
            """).WithFallback(ConfigurationFactory.FromResource<RedisJournal>("Faas.Actors.Storage.AkkaPlugins.redis-plugins.conf"));
    }
}
