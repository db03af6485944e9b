using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Catalog;
using StackExchange.Redis;

namespace Faas.Actors.Storage.Redis;

/// <summary>The catalog as one Redis hash, <see cref="StoreKeys.Scripts"/>; a value is <c>{sequence number} {summary as JSON}</c>.</summary>
public sealed class RedisScriptCatalog(RedisConnection connection, StoreKeys keys) : IScriptCatalog
{
    private const string PutIfNotOlder = """
        local stored = redis.call('HGET', KEYS[1], ARGV[1])
        local newest = stored and tonumber(string.match(stored, '^%d+'))
        if newest and newest > tonumber(ARGV[2]) then return 0 end
        redis.call('HSET', KEYS[1], ARGV[1], ARGV[2] .. ' ' .. ARGV[3])
        return 1
        """;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <inheritdoc/>
    public Task PutAsync(ScriptSummary summary, long sequenceNr, CancellationToken cancellation) => connection.CallAsync(
        database => database.ScriptEvaluateAsync(PutIfNotOlder, [keys.Scripts], [summary.Path, sequenceNr, JsonSerializer.Serialize(summary, Json)]),
        cancellation);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<(ScriptSummary Summary, long SequenceNr)>> AllAsync(CancellationToken cancellation)
    {
        var entries = await connection.CallAsync(database => database.HashGetAllAsync(keys.Scripts), cancellation);
        return [.. entries.Select(Read)];
    }

    /// <inheritdoc/>
    public Task ClearAsync(CancellationToken cancellation) => connection.CallAsync(database => database.KeyDeleteAsync(keys.Scripts), cancellation);

    private (ScriptSummary Summary, long SequenceNr) Read(HashEntry entry)
    {
        var value = ((ReadOnlyMemory<byte>)entry.Value).Span;
        var space = value.IndexOf((byte)' ');
        try
        {
            return space > 0
                && long.TryParse(value[..space], NumberStyles.None, CultureInfo.InvariantCulture, out var sequenceNr)
                && JsonSerializer.Deserialize<ScriptSummary>(value[(space + 1)..], Json) is { Path: not null, Latest: not null } summary
                ? (summary, sequenceNr)
                : throw new JsonException("no sequence number and summary");
        }
        catch (JsonException failure)
        {
            throw new InvalidDataException($"Redis key '{keys.Scripts}' holds no readable line for '{entry.Name}': {failure.Message}", failure);
        }
    }
}
