using System.Globalization;

namespace Faas.Sandbox.Tests.Faults.Storm;

/// <summary>A Redis of somebody else's, behind a bad line.</summary>
internal sealed class RemoteStore : IStormStore
{
    private static readonly string[] s_reasons = ["store"];
    private readonly RedisServer _redis;
    private readonly TcpProxy _line;

    private RemoteStore(RedisServer redis, TcpProxy line)
    {
        (_redis, _line) = (redis, line);
        Faults =
        [
            Fault.Lasting("redis is paused", s_reasons, redis.Pause, redis.Resume),
            Fault.Lasting("redis is killed", s_reasons, redis.KillAsync, redis.RestartAsync),
            Fault.Lasting(
                "redis is out of memory",
                s_reasons,
                () => redis.CommandAsync("CONFIG", "SET", "maxmemory", "1"),
                () => redis.CommandAsync("CONFIG", "SET", "maxmemory", "0")),
            Fault.Lasting(
                "redis is a read-only replica",
                s_reasons,
                () => redis.CommandAsync("REPLICAOF", "127.0.0.1", "1"),
                () => redis.CommandAsync("REPLICAOF", "NO", "ONE")),
            Fault.Lasting("redis is far away", s_reasons, () => line.Delay = TimeSpan.FromSeconds(5), () => line.Delay = TimeSpan.Zero),
            Fault.Lasting("nothing arrives at redis", s_reasons, () => line.IsHole = true, () => line.IsHole = false),
            Fault.AtOnce("the connections to redis are cut", s_reasons, (_, _) => line.Drop()),
            Fault.AtOnce("the connections to redis are half closed", s_reasons, (_, _) => line.HalfClose()),
        ];
    }

    /// <inheritdoc />
    public (string Name, string Value)[] Environment =>
        [.. _redis.Environment.Where(variable => variable.Name != "REDIS_PORT"), (
            "REDIS_PORT", _line.Port.ToString(CultureInfo.InvariantCulture))];

    /// <inheritdoc />
    public IReadOnlyList<Fault> Faults { get; }

    /// <summary>Starts one.</summary>
    public static async Task<RemoteStore> StartAsync()
    {
        var redis = await RedisServer.StartAsync();
        return new RemoteStore(redis, new TcpProxy(redis.Port));
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _line.DisposeAsync();
        await _redis.DisposeAsync();
    }
}
