using Faas.Actors.Runs.Kept;

namespace Faas.Actors.Runs.Batches;

/// <summary>
/// The store of batches, beside that of kept runs (<see cref="IKeptRuns"/>), which moves their counts. A method throws
/// <see cref="Scripts.StoreException"/> when the store does not answer; a batch may have been accepted all the same.
/// </summary>
public interface IBatches
{
    /// <summary>
    /// Adds all runs of a batch to the queue, or none, in one step; or finds the batch of an earlier call of the same name. When the claim
    /// has this <paramref name="id"/>, the store has the batch.
    /// </summary>
    /// <param name="id">Its name, a <see cref="BatchIds"/>.</param>
    /// <param name="once">What makes calls the same; null: this call has its own batch.</param>
    /// <param name="asked">The call of its runs.</param>
    /// <param name="inputs">The input of each run as JSON; at least one.</param>
    /// <param name="cancellation">Ends the wait for the store.</param>
    Task<KeptClaim> AcceptAsync(
        string id,
        KeptOnce? once,
        KeptCall asked,
        IReadOnlyList<ReadOnlyMemory<byte>> inputs,
        CancellationToken cancellation);

    /// <summary>One batch; null: it is not there, or not any more.</summary>
    Task<Batch?> FindAsync(string id, CancellationToken cancellation);

    /// <summary>
    /// A page of batches, the newest first, and where the next page begins; null: there is none. A page may be short because few of many
    /// batches are wanted.
    /// </summary>
    /// <param name="filter">Which batches.</param>
    /// <param name="most">The most batches.</param>
    /// <param name="before">The page begins behind the batch of this number; null: with the newest.</param>
    /// <param name="cancellation">Ends the wait for the store.</param>
    Task<(IReadOnlyList<Batch> Batches, long? Next)> PageAsync(
        BatchFilter filter, int most, long? before, CancellationToken cancellation);

    /// <summary>Runs of a batch with their values, in the order of its inputs.</summary>
    /// <param name="id">The batch.</param>
    /// <param name="first">Which input the first of them has.</param>
    /// <param name="count">How many runs.</param>
    /// <param name="cancellation">Ends the wait for the store.</param>
    Task<IReadOnlyList<BatchRun>> RunsAsync(string id, int first, int count, CancellationToken cancellation);

    /// <summary>A batch, and a bounded number of its ends; null: it is not there, or not any more.</summary>
    /// <param name="id">The batch.</param>
    /// <param name="after">The number of the last end that is known; 0: none is.</param>
    /// <param name="cancellation">Ends the wait for the store.</param>
    Task<BatchReading?> ReadAsync(string id, long after, CancellationToken cancellation);
}
