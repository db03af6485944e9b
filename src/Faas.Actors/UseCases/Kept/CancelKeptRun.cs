using Akka.Actor;
using Akka.Hosting;
using Faas.Actors.Pool;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Scripts;

namespace Faas.Actors.UseCases.Kept;

/// <summary>
/// Cancels a kept run on whichever server it is. A run that waits ends in the store at once. One that is executed is marked there, and the
/// server that has it kills its processes; the caller waits until the record says that it has ended, which is when they are dead.
/// </summary>
public sealed class CancelKeptRun(IKeptRuns runs, IRequiredActor<SandboxPool> pool)
{
    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan s_longest = TimeSpan.FromMilliseconds(200);

    /// <summary>Cancels it; the result is its record, or why it could not be cancelled.</summary>
    /// <param name="id">The run.</param>
    /// <param name="cancellation">Cancelled when the caller leaves; the run is cancelled all the same.</param>
    public async Task<OrRefusal<KeptRun>> ExecuteAsync(string id, CancellationToken cancellation)
    {
        try
        {
            var pause = s_first;
            for (var isFirst = true; ; isFirst = false)
            {
                switch (await runs.CancelAsync(id, cancellation))
                {
                    case KeptCancellation.HadEnded when isFirst:
                        return Refusal.EndedRun(id);
                    case KeptCancellation.Marked:
                        // It may be on its way into the pool, which forgets the cancellation of a run that it does not have.
                        pool.ActorRef.Tell(new CancelRun(id));
                        break;
                    default:
                        return await runs.FindAsync(id, cancellation) is { } run ? run : Refusal.NoKeptRun(id);
                }

                await Task.Delay(pause, cancellation);
                pause = pause * 2 < s_longest ? pause * 2 : s_longest;
            }
        }
        catch (StoreException)
        {
            return Refusal.Store("The store does not answer, so it is not certain whether the run was cancelled.");
        }
    }
}
