using System.Text.Json;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Catalog;
using StackExchange.Redis;

namespace Faas.Actors.Storage.Redis;

/// <summary>The catalog as one Redis hash, <see cref="StoreKeys.Scripts"/>; a value is a <see cref="CatalogLine"/>.</summary>
public sealed class RedisScriptCatalog(RedisConnection connection, StoreKeys keys) : IScriptCatalog
{
    private const string PutIfNotOlder = """
        local stored = redis.call('HGET', KEYS[1], ARGV[1])
        local newest = stored and tonumber(string.match(stored, '^%d+'))
        if newest and newest > tonumber(ARGV[2]) then return 0 end
        redis.call('HSET', KEYS[1], ARGV[1], ARGV[2] .. ' ' .. ARGV[3])
        return 1
        """;

    /// <inheritdoc/>
    public Task PutAsync(ScriptSummary summary, long sequenceNr, CancellationToken cancellation) => connection.CallAsync(
        database => database.ScriptEvaluateAsync(PutIfNotOlder, [keys.Scripts], [summary.Path, sequenceNr, CatalogLine.Write(summary)]),
        cancellation);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<(ScriptSummary Summary, long SequenceNr)>> AllAsync(CancellationToken cancellation)
    {
        var entries = await connection.CallAsync(database => database.HashGetAllAsync(keys.Scripts), cancellation);
        return [.. entries.Select(Read)];
    }

    /// <inheritdoc/>
    public Task ClearAsync(CancellationToken cancellation) =>
        connection.CallAsync(database => database.KeyDeleteAsync(keys.Scripts), cancellation);

    private (ScriptSummary Summary, long SequenceNr) Read(HashEntry entry)
    {
        try
        {
            return CatalogLine.Read(((ReadOnlyMemory<byte>)entry.Value).Span);
        }
        catch (JsonException failure)
        {
            throw new InvalidDataException(
                $"Redis key '{keys.Scripts}' holds no readable line for '{entry.Name}': {failure.Message}", failure);
        }
    }
}
