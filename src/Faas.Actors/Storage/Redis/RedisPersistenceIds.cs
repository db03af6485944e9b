using Faas.Actors.Scripts.Catalog;
using StackExchange.Redis;

namespace Faas.Actors.Storage.Redis;

/// <summary>
/// Finds the persistence ids by the journal's own keys (SCAN), so that no second set has to be kept in agreement with them;
/// Akka.Persistence.Redis no longer writes <c>journal:persistenceIds</c> either.
/// </summary>
public sealed class RedisPersistenceIds(RedisConnection connection, StoreKeys keys) : IPersistenceIds
{
    private const int Step = 500;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<(string PersistenceId, long HighestSequenceNr)>> ListAsync(
        string prefix, CancellationToken cancellation)
    {
        var found = new List<(string, long)>();
        foreach (var chunk in (await connection.KeysAsync(keys.HighestSequenceNrPattern(prefix), cancellation)).Chunk(Step))
        {
            RedisKey[] wanted = [.. chunk.Select(key => (RedisKey)key)];
            var values = await connection.CallAsync(database => database.StringGetAsync(wanted), cancellation);
            found.AddRange(chunk.Zip(values)
                .Where(pair => !pair.Second.IsNull)
                .Select(pair => (keys.PersistenceIdOf(pair.First), pair.Second.TryParse(out long highest)
                    ? highest
                    : throw new InvalidDataException($"Redis key '{pair.First}' holds no sequence number."))));
        }

        return found;
    }
}
