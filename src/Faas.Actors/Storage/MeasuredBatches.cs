using Faas.Actors.Runs.Batches;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Telemetry;

namespace Faas.Actors.Storage;

/// <summary>A store of batches whose runs are counted when they are accepted, or refused (<see cref="MeasuredKeptRuns"/>).</summary>
public sealed class MeasuredBatches(IBatches batches, KeptMeters meters) : IBatches
{
    /// <inheritdoc/>
    public async Task<KeptClaim> AcceptAsync(
        string id, KeptOnce? once, KeptCall asked, IReadOnlyList<ReadOnlyMemory<byte>> inputs, CancellationToken cancellation)
    {
        var claim = await batches.AcceptAsync(id, once, asked, inputs, cancellation);
        if (claim.Acceptance != KeptAcceptance.Accepted || claim.Id == id)
        {
            meters.Asked(claim.Acceptance, inputs.Count);
        }

        return claim;
    }

    /// <inheritdoc/>
    public Task<Batch?> FindAsync(string id, CancellationToken cancellation) => batches.FindAsync(id, cancellation);

    /// <inheritdoc/>
    public Task<(IReadOnlyList<Batch> Batches, long? Next)> PageAsync(
        BatchFilter filter, int most, long? before, CancellationToken cancellation) =>
        batches.PageAsync(filter, most, before, cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<BatchRun>> RunsAsync(string id, int first, int count, CancellationToken cancellation) =>
        batches.RunsAsync(id, first, count, cancellation);

    /// <inheritdoc/>
    public Task<BatchReading?> ReadAsync(string id, long after, CancellationToken cancellation) =>
        batches.ReadAsync(id, after, cancellation);
}
