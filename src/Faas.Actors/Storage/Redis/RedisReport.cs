using Faas.Actors.Scripts;
using StackExchange.Redis;

namespace Faas.Actors.Storage.Redis;

/// <summary>Asks Redis how it keeps its data. A server that hides its settings (a hosted one often does) tells only a part.</summary>
public sealed class RedisReport(RedisConnection connection, StoreKeys keys) : IStoreReport
{
    /// <inheritdoc />
    public string StoreName => connection.Name;

    /// <inheritdoc />
    public string? WhyNotWritable => connection.Disk?.WhyFull() is { } why ? $"{connection.Name} cannot be written: {why}." : null;

    /// <inheritdoc />
    public async Task<StoreDurability> DurabilityAsync(CancellationToken cancellation) => (await AskAsync(cancellation)).Durability;

    /// <inheritdoc />
    public async Task<StoreSize> SizeAsync(CancellationToken cancellation)
    {
        var memory = await connection.CallServerAsync(
            async server => RedisTruth.MemoryIn((string?)await server.ExecuteAsync("INFO", "memory") ?? ""), cancellation);
        return new StoreSize(memory, await connection.CallAsync(redis => redis.SortedSetLengthAsync(keys.ScriptsByPath), cancellation));
    }

    /// <summary>Asks. Throws <see cref="StoreException"/> when Redis does not answer.</summary>
    public Task<RedisTruth> AskAsync(CancellationToken cancellation) => connection.CallServerAsync(
        async server => RedisTruth.Of(
            (string?)await server.ExecuteAsync("INFO") ?? "",
            await SettingAsync(server, "appendfsync"),
            await SettingAsync(server, "save")),
        cancellation);

    private static async Task<string?> SettingAsync(IServer server, string name)
    {
        try
        {
            return await server.ExecuteAsync("CONFIG", "GET", name) is { Length: 2 } pair ? (string?)pair[1] : null;
        }
        catch (RedisServerException)
        {
            return null; // the command is renamed, or this user may not use it
        }
    }
}
