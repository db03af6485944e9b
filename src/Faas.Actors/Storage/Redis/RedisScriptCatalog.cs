using System.Globalization;
using System.Text;
using System.Text.Json;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Catalog;
using StackExchange.Redis;

namespace Faas.Actors.Storage.Redis;

/// <summary>
/// The catalog in Redis.
/// <para>
/// Theory of operation. A hash (<see cref="StoreKeys.Scripts"/>) has the <see cref="CatalogLine"/> of each path. Two sorted sets have the
/// paths in the two orders, and a third one the paths of tools; every score is 0, so Redis sorts by the members' bytes and finds any
/// place in logarithmic time. One Lua script writes all of it, so no order ever disagrees with the lines. A page reads one stretch of a
/// sorted set and the lines of that page.
/// </para>
/// </summary>
public sealed class RedisScriptCatalog(RedisConnection connection, StoreKeys keys) : IScriptCatalog
{
    // KEYS: lines, by path, by time, times, tools. ARGV: path, sequence number, line, time, and 1 for a tool.
    private const string PutIfNotOlder = """
        local stored = redis.call('HGET', KEYS[1], ARGV[1])
        local newest = stored and tonumber(string.match(stored, '^%d+'))
        if newest and newest > tonumber(ARGV[2]) then return 0 end
        redis.call('HSET', KEYS[1], ARGV[1], ARGV[2] .. ' ' .. ARGV[3])
        local before = redis.call('HGET', KEYS[4], ARGV[1])
        if before then redis.call('ZREM', KEYS[3], before .. ARGV[1]) end
        redis.call('HSET', KEYS[4], ARGV[1], ARGV[4])
        redis.call('ZADD', KEYS[2], 0, ARGV[1])
        redis.call('ZADD', KEYS[3], 0, ARGV[4] .. ARGV[1])
        if ARGV[5] == '1' then redis.call('ZADD', KEYS[5], 0, ARGV[1]) else redis.call('ZREM', KEYS[5], ARGV[1]) end
        return 1
        """;

    // KEYS: the same. ARGV: path, sequence number, line of a deleted script.
    private const string RemoveIfNotOlder = """
        local stored = redis.call('HGET', KEYS[1], ARGV[1])
        local newest = stored and tonumber(string.match(stored, '^%d+'))
        if newest and newest > tonumber(ARGV[2]) then return 0 end
        redis.call('HSET', KEYS[1], ARGV[1], ARGV[2] .. ' ' .. ARGV[3])
        local before = redis.call('HGET', KEYS[4], ARGV[1])
        if before then redis.call('ZREM', KEYS[3], before .. ARGV[1]) end
        redis.call('HDEL', KEYS[4], ARGV[1])
        redis.call('ZREM', KEYS[2], ARGV[1])
        redis.call('ZREM', KEYS[5], ARGV[1])
        return 1
        """;

    private const int TimeDigits = 16;
    private const int Step = 500;
    private const int AtOnce = 100;

    // A page by time looks at no more scripts than this to find those that it may show.
    private const int MostLookedAt = 2000;

    private RedisKey[] AllKeys => [keys.Scripts, keys.ScriptsByPath, keys.ScriptsByTime, keys.ScriptTimes, keys.ScriptTools];

    /// <inheritdoc/>
    public Task PutAsync(ScriptSummary summary, long sequenceNr, CancellationToken cancellation) => connection.CallAsync(
        database => database.ScriptEvaluateAsync(
            PutIfNotOlder, AllKeys, [summary.Path, sequenceNr, CatalogLine.Write(summary), TimeOf(summary), summary.IsTool]),
        cancellation);

    /// <inheritdoc/>
    public Task RemoveAsync(string path, long sequenceNr, CancellationToken cancellation) => connection.CallAsync(
        database => database.ScriptEvaluateAsync(RemoveIfNotOlder, AllKeys, [path, sequenceNr, CatalogLine.Deleted]), cancellation);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CatalogState>> AllAsync(CancellationToken cancellation)
    {
        var entries = await connection.CallAsync(database => database.HashGetAllAsync(keys.Scripts), cancellation);
        return [.. entries.Select(entry => Read(entry.Name, entry.Value))];
    }

    /// <inheritdoc/>
    public async Task<CatalogPage> PageAsync(CatalogQuery query, CancellationToken cancellation)
    {
        var (paths, next) = query.ToolsOnly || query.Order == CatalogOrder.Path
            ? await ByPathAsync(query, cancellation)
            : await ByTimeAsync(query, cancellation);
        if (paths.Count == 0)
        {
            return new CatalogPage([], next);
        }

        RedisValue[] fields = [.. paths.Select(path => (RedisValue)path)];
        var lines = await connection.CallAsync(database => database.HashGetAsync(keys.Scripts, fields), cancellation);
        var found = paths.Zip(lines).Where(pair => !pair.Second.IsNull).Select(pair => Read(pair.First, pair.Second).Summary);
        return new CatalogPage([.. found.OfType<ScriptSummary>()], next);
    }

    /// <inheritdoc/>
    public async Task SortAsync(IReadOnlyList<CatalogState> lines, CancellationToken cancellation)
    {
        var times = await connection.CallAsync(database => database.HashGetAllAsync(keys.ScriptTimes), cancellation);
        var sorted = times.ToDictionary(time => time.Name.ToString(), time => time.Value.ToString(), StringComparer.Ordinal);
        var missing = lines.Where(line => line.Summary is { } script && sorted.GetValueOrDefault(line.Path) != TimeOf(script));
        foreach (var chunk in missing.Chunk(AtOnce))
        {
            await Task.WhenAll(chunk.Select(line => PutAsync(line.Summary!, line.SequenceNr, cancellation)));
        }
    }

    /// <inheritdoc/>
    public Task ClearAsync(CancellationToken cancellation) =>
        connection.CallAsync(database => database.KeyDeleteAsync(AllKeys), cancellation);

    private async Task<(List<string> Paths, string? Next)> ByPathAsync(CatalogQuery query, CancellationToken cancellation)
    {
        var paths = new List<string>();
        foreach (var range in PathRanges.Of(query))
        {
            var after = query.After is { } path && Encoding.UTF8.GetBytes(path) is var bytes
                && range.First.AsSpan().SequenceCompareTo(bytes) <= 0 ? bytes : null;
            var found = await connection.CallAsync(
                database => database.SortedSetRangeByValueAsync(
                    query.ToolsOnly ? keys.ScriptTools : keys.ScriptsByPath,
                    after ?? range.First,
                    range.Last,
                    after is null ? Exclude.None : Exclude.Start,
                    take: query.Most + 1 - paths.Count),
                cancellation);
            paths.AddRange(found.Select(member => member.ToString()));
            if (paths.Count > query.Most)
            {
                return (paths[..query.Most], paths[query.Most - 1]);
            }
        }

        return (paths, null);
    }

    private async Task<(List<string> Paths, string? Next)> ByTimeAsync(CatalogQuery query, CancellationToken cancellation)
    {
        var isWhole = query is { Prefix: "", Roots.Count: 0 };
        var (paths, last) = (new List<string>(), query.After);
        for (var looked = 0; looked < MostLookedAt;)
        {
            var take = isWhole ? query.Most + 1 : Step;
            var found = await NewestAsync(last, take, cancellation);
            foreach (var member in found)
            {
                if (paths.Count == query.Most)
                {
                    return (paths, last);
                }

                last = member;
                if (query.Includes(member[TimeDigits..]))
                {
                    paths.Add(member[TimeDigits..]);
                }
            }

            looked += found.Length;
            if (found.Length < take)
            {
                return (paths, null);
            }
        }

        return (paths, last);
    }

    private async Task<string[]> NewestAsync(string? after, int take, CancellationToken cancellation)
    {
        var members = await connection.CallAsync(
            database => database.SortedSetRangeByValueAsync(
                keys.ScriptsByTime,
                RedisValue.Null,
                after is null ? RedisValue.Null : after,
                after is null ? Exclude.None : Exclude.Stop,
                Order.Descending,
                take: take),
            cancellation);
        return [.. members.Select(member => member.ToString())];
    }

    private static string TimeOf(ScriptSummary summary) =>
        summary.Latest.At.UtcTicks.ToString($"x{TimeDigits}", CultureInfo.InvariantCulture);

    private CatalogState Read(RedisValue path, RedisValue line)
    {
        try
        {
            var (summary, sequenceNr) = CatalogLine.Read(((ReadOnlyMemory<byte>)line).Span);
            return new CatalogState(path.ToString(), summary, sequenceNr);
        }
        catch (JsonException failure)
        {
            throw new InvalidDataException(
                $"Redis key '{keys.Scripts}' holds no readable line for '{path}': {failure.Message}", failure);
        }
    }
}
