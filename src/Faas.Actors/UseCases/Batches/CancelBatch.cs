using Akka.Actor;
using Akka.Hosting;
using Faas.Actors.Pool;
using Faas.Actors.Runs.Batches;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Recent;
using Faas.Actors.Scripts;

namespace Faas.Actors.UseCases.Batches;

/// <summary>
/// Cancels the runs of a batch that have not ended. Those that wait end in the store, each in a step of its own, so that other runs are
/// served meanwhile. Those that are executed are marked there, and their servers kill them; the caller waits until none is left.
/// </summary>
public sealed class CancelBatch(IBatches batches, IKeptRuns runs, IRequiredActor<SandboxPool> pool)
{
    private const int AtOnce = 100;
    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan s_longest = TimeSpan.FromMilliseconds(200);

    /// <summary>Cancels it; the result is its record, or why it could not be cancelled.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="cancellation">Cancelled when the caller leaves; the batch is cancelled all the same.</param>
    public async Task<OrRefusal<Batch>> ExecuteAsync(Batch batch, CancellationToken cancellation)
    {
        if (batch.Stage == RunStage.Ended)
        {
            return Refusal.EndedBatch(batch.Id);
        }

        try
        {
            var left = await CancelAsync(Enumerable.Range(0, batch.Count).Select(index => BatchIds.RunOf(batch.Id, index)));
            for (var pause = s_first; left.Count > 0; pause = pause * 2 < s_longest ? pause * 2 : s_longest)
            {
                await Task.Delay(pause, cancellation);
                left = await CancelAsync(left);
            }

            return await batches.FindAsync(batch.Id, cancellation) is { } ended ? ended : Refusal.NoBatch(batch.Id);
        }
        catch (StoreException)
        {
            return Refusal.Store("The store does not answer, so it is not certain whether all runs of the batch were cancelled.");
        }
    }

    // Those that are executed still.
    private async Task<IReadOnlyList<string>> CancelAsync(IEnumerable<string> ids)
    {
        var executed = new List<string>();
        foreach (var part in ids.Chunk(AtOnce))
        {
            var results = await Task.WhenAll(part.Select(id => runs.CancelAsync(id, CancellationToken.None)));
            executed.AddRange(part.Zip(results).Where(one => one.Second == KeptCancellation.Marked).Select(one => one.First));
        }

        foreach (var id in executed)
        {
            // It may be on its way into the pool, which forgets the cancellation of a run that it does not have.
            pool.ActorRef.Tell(new CancelRun(id));
        }

        return executed;
    }
}
