using System.Globalization;
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
    /// <summary>How long a server owns a Redis after it has last renewed that; zero: the Redis has no owner.</summary>
    public TimeSpan Lease { get; init; }

    private const string Section = "faas.store.redis";
    private static readonly TimeSpan s_shortestLease = TimeSpan.FromSeconds(1);
    private const int DefaultPort = 6379;
    private const string Hidden = "(not shown)";

    /// <summary>Reads and checks the section; throws <see cref="SettingException"/>.</summary>
    public static StoreOptions From(Settings settings) => new(
        settings.Text("faas.store.key-prefix"),
        EndpointOf(settings),
        settings.Duration($"{Section}.timeout", TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5)),
        settings.Name("faas.store.embedded.data-dir"),
        settings.Name("faas.store.embedded.executable"))
    {
        Lease = LeaseOf(settings),
    };

    private static TimeSpan LeaseOf(Settings settings)
    {
        const string key = $"{Section}.lease";
        var lease = settings.Duration(key, TimeSpan.Zero, TimeSpan.FromMinutes(5));
        return lease == TimeSpan.Zero || lease >= s_shortestLease
            ? lease
            : throw new SettingException(key, DurationText.Of(lease), "0, or 1s to 5m");
    }

    // At most one of host, url and configuration says where Redis is.
    private static RedisEndpoint? EndpointOf(Settings settings)
    {
        var endpoint = new RedisEndpoint(
            settings.Text($"{Section}.host"),
            settings.Int($"{Section}.port", 1, 65535),
            settings.Text($"{Section}.password"),
            settings.Int($"{Section}.database", 0, 16383));
        var (url, configuration) = (settings.Text($"{Section}.url"), settings.Text($"{Section}.configuration"));
        if ((endpoint.Host.Length > 0 ? 1 : 0) + (url.Length > 0 ? 1 : 0) + (configuration.Length > 0 ? 1 : 0) > 1)
        {
            throw new SettingException(
                $"{Section}.{(url.Length > 0 ? "url" : "configuration")}",
                Hidden,
                "only one of redis.host, redis.url and redis.configuration");
        }

        if (endpoint.Host.Length == 0 && endpoint.Password.Length > 0)
        {
            throw new SettingException(
                $"{Section}.password", Hidden, $"nothing as long as {Section}.host (REDIS_HOST) names no Redis server");
        }

        CheckNeedsHost(endpoint, $"{Section}.port", "REDIS_PORT", endpoint.Port, DefaultPort);
        CheckNeedsHost(endpoint, $"{Section}.database", "REDIS_DB", endpoint.Database, 0);
        return endpoint.Host.Length > 0 ? endpoint
            : url.Length > 0 ? RedisUrl.Parse(url) ?? throw new SettingException(
                $"{Section}.url",
                Hidden,
                "redis://user:password@host:port/database, or rediss:// for TLS; all but the host may be left out")
            : configuration.Length > 0 ? RedisConnection.Check($"{Section}.configuration", configuration)
            : null;
    }

    // Without a host they would lead nowhere, and the server would use another store than the one that was meant.
    private static void CheckNeedsHost(RedisEndpoint endpoint, string key, string variable, int value, int shipped)
    {
        if (endpoint.Host.Length == 0 && value != shipped)
        {
            throw new SettingException(
                key,
                value.ToString(CultureInfo.InvariantCulture),
                $"nothing ({variable}) as long as {Section}.host (REDIS_HOST) names no Redis server");
        }
    }
}
