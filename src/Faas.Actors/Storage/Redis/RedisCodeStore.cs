using System.Text.Json;
using System.Text.Json.Serialization;
using Faas.Actors.Json;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Code;
using Faas.Actors.Scripts.Trees;
using StackExchange.Redis;

namespace Faas.Actors.Storage.Redis;

/// <summary>
/// Code in Redis under <see cref="StoreKeys.Code"/>: JSON of source (or of all files of a tree) and compiled form, written once; beside
/// it the scripts that refer to it, under <see cref="StoreKeys.CodeReferences"/>. Whether all of them are known is decided when the code
/// is written: it is, unless there are references to code that was not there, which an earlier server may have known more of.
/// </summary>
public sealed class RedisCodeStore(RedisConnection connection, StoreKeys keys) : ICodeStore
{
    // KEYS: code, references. ARGV: the code's value, path, token.
    private const string PutAndRefer = """
        local isNew = redis.call('SET', KEYS[1], ARGV[1], 'NX')
        if isNew and redis.call('EXISTS', KEYS[2]) == 0 then redis.call('HSET', KEYS[2], '', '') end
        redis.call('HSET', KEYS[2], ARGV[2], ARGV[3])
        return 1
        """;

    // KEYS: the same. ARGV: path, token.
    private const string Refer = """
        if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
        redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
        return 1
        """;

    // KEYS: the same, and that of the fence. ARGV: path, token, the fence's value; empty: there is none.
    private const string Release = """
        if ARGV[3] ~= '' and redis.call('GET', KEYS[3]) ~= ARGV[3] then return 0 end
        if redis.call('HGET', KEYS[2], ARGV[1]) ~= ARGV[2] then return 0 end
        redis.call('HDEL', KEYS[2], ARGV[1])
        if redis.call('HLEN', KEYS[2]) > 1 or redis.call('HEXISTS', KEYS[2], '') == 0 then return 0 end
        redis.call('DEL', KEYS[1], KEYS[2])
        return 1
        """;

    /// <inheritdoc/>
    public Task PutAsync(ScriptCode code, string path, CancellationToken cancellation)
    {
        var stored = new Stored(
            code.Tree is null ? code.Source : "", code.Compiled?.JavaScript, code.Compiled?.SourceMap, code.Tree?.Entry,
            code.Tree is { } tree ? SourceFileJson.Of(tree) : null,
            code.Dependencies,
            code.Lock,
            code.Compiled?.HasPause ?? false,
            code.Compiled?.NeedsLayer ?? false);
        var value = JsonSerializer.SerializeToUtf8Bytes(stored, RelaxedJson.SerializerOptions);
        return connection.CallAsync(
            database => database.ScriptEvaluateAsync(PutAndRefer, KeysOf(CodeName.Of(code)), [value, path, NewToken()]), cancellation);
    }

    /// <inheritdoc/>
    public async Task<bool> ReferAsync(CodeName code, string path, CancellationToken cancellation) =>
        (bool)await connection.CallAsync(
            database => database.ScriptEvaluateAsync(Refer, KeysOf(code), [path, NewToken()]), cancellation);

    /// <inheritdoc/>
    public Task<bool> HasAsync(CodeName code, CancellationToken cancellation) =>
        connection.CallAsync(database => database.KeyExistsAsync(keys.Code(code.Language, code.Hash)), cancellation);

    /// <inheritdoc/>
    public async Task<string?> ReferenceAsync(CodeName code, string path, CancellationToken cancellation)
    {
        var key = keys.CodeReferences(code.Language, code.Hash);
        return await connection.CallAsync(database => database.HashGetAsync(key, path), cancellation);
    }

    /// <inheritdoc/>
    public Task ReleaseAsync(CodeName code, string path, string token, CancellationToken cancellation) =>
        connection.CallAsync(
            database => database.ScriptEvaluateAsync(
                Release, [.. KeysOf(code), FenceOf(path)?.Key ?? keys.Epoch], [path, token, FenceOf(path)?.Value ?? ""]),
            cancellation);

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

    private StoreFence? FenceOf(string path) => connection.FenceOf(ScriptRegistry.PersistenceIdPrefix + path);

    private static string NewToken() => Guid.NewGuid().ToString("N");

    private RedisKey[] KeysOf(CodeName code) => [keys.Code(code.Language, code.Hash), keys.CodeReferences(code.Language, code.Hash)];

    private static ScriptCode Read(string key, byte[] value, Language language, string hash)
    {
        var stored = Parse(key, value);
        var source = CodeOf(key, stored, language) with { Dependencies = stored.Dependencies };
        var code = stored.Lock is { } @lock ? source.With(@lock) : source;
        return code.Hash == hash
            ? code with
            {
                Compiled = stored.JavaScript is null
                    ? null
                    : new CompiledJavaScript(stored.JavaScript, stored.SourceMap ?? "")
                    {
                        HasPause = stored.HasPause,
                        NeedsLayer = stored.NeedsLayer,
                    },
            }
            : throw new InvalidDataException($"Redis key '{key}' holds other code than its name says.");
    }

    private static ScriptCode CodeOf(string key, Stored stored, Language language)
    {
        if (stored is not { Entry: { } entry, Files: { } files })
        {
            return ScriptCode.Of(language, stored.Source);
        }

        try
        {
            return ScriptCode.Of(language, SourceFileJson.TreeOf(entry, files));
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException)
        {
            throw new InvalidDataException($"Redis key '{key}' holds no tree: {failure.Message}", failure);
        }
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

    // A single text has the first three alone, as ever, so that what was stored once is stored in the same bytes again.
    private sealed record Stored(
        string Source,
        string? JavaScript,
        string? SourceMap,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Entry = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<SourceFileJson>? Files = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Dependencies? Dependencies = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Lock = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool HasPause = false,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool NeedsLayer = false);
}
