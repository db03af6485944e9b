using System.Text.Json;
using Faas.Actors.Json;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Code;
using StackExchange.Redis;

namespace Faas.Actors.Storage.Redis;

/// <summary>Code in Redis under <see cref="StoreKeys.Code"/>: JSON of source and compiled form, written once.</summary>
public sealed class RedisCodeStore(RedisConnection connection, StoreKeys keys) : ICodeStore
{
    /// <inheritdoc/>
    public Task PutAsync(ScriptCode code, CancellationToken cancellation)
    {
        var stored = new Stored(code.Source, code.Compiled?.JavaScript, code.Compiled?.SourceMap);
        var value = JsonSerializer.SerializeToUtf8Bytes(stored, RelaxedJson.SerializerOptions);
        return connection.CallAsync(
            database => database.StringSetAsync(keys.Code(code.Language, code.Hash), value, expiry: null, When.NotExists),
            cancellation);
    }

    /// <summary>
    /// As the interface says; throws <see cref="InvalidDataException"/>, which names the key, when what lies there is not the code of that
    /// hash.
    /// </summary>
    public async Task<ScriptCode?> GetAsync(Language language, string hash, CancellationToken cancellation)
    {
        var key = keys.Code(language, hash);
        var value = await connection.CallAsync(database => database.StringGetAsync(key), cancellation);
        return value.IsNull ? null : Read(key, (byte[])value!, language, hash);
    }

    private static ScriptCode Read(string key, byte[] value, Language language, string hash)
    {
        var stored = Parse(key, value);
        return ScriptCode.HashOf(stored.Source) == hash
            ? new ScriptCode(
                language,
                stored.Source,
                hash,
                stored.JavaScript is null ? null : new CompiledTypeScript(stored.JavaScript, stored.SourceMap ?? ""))
            : throw new InvalidDataException($"Redis key '{key}' holds other code than its name says.");
    }

    private static Stored Parse(string key, byte[] value)
    {
        try
        {
            return JsonSerializer.Deserialize<Stored>(value, RelaxedJson.SerializerOptions) is { Source: not null } stored
                ? stored
                : throw new JsonException("no source");
        }
        catch (JsonException failure)
        {
            throw new InvalidDataException($"Redis key '{key}' holds no code: {failure.Message}", failure);
        }
    }

    private sealed record Stored(string Source, string? JavaScript, string? SourceMap);
}
