namespace Faas.Actors.Scripts.Catalog;

/// <summary>Which persistent actors the journal knows; from here a projection can be checked and rebuilt.</summary>
public interface IPersistenceIds
{
    /// <summary>
    /// The persistence ids that start with <paramref name="prefix"/>, with their highest sequence numbers, in no order.
    /// Looks at every key of the database, some 100,000 in a second: for starts and repairs. Throws
    /// <see cref="StackExchange.Redis.RedisException"/> or <see cref="TimeoutException"/> when the store does not answer.
    /// </summary>
    Task<IReadOnlyList<(string PersistenceId, long HighestSequenceNr)>> ListAsync(string prefix, CancellationToken cancellation);
}
