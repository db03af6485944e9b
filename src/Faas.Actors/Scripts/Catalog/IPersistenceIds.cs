namespace Faas.Actors.Scripts.Catalog;

/// <summary>Lists the persistent actors that the journal knows, so that a projection can be checked and rebuilt.</summary>
public interface IPersistenceIds
{
    /// <summary>
    /// The persistence ids that start with <paramref name="prefix"/>, with their highest sequence numbers, in no order.
    /// Reads every key of the database, about 100,000 a second, so it is for starts and repairs. Throws
    /// <see cref="StoreException"/> when the store does not answer.
    /// </summary>
    Task<IReadOnlyList<(string PersistenceId, long HighestSequenceNr)>> ListAsync(string prefix, CancellationToken cancellation);
}
