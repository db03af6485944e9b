using Akka.Actor;
using Akka.Hosting;
using Faas.Actors.Pool;
using Faas.Actors.Pool.Scheduler;

namespace Faas.Actors.UseCases;

/// <summary>Shows an operator the pool, and ends a run that the operator names.</summary>
public sealed class InspectPool(IRequiredActor<SandboxPool> pool, IOtherNodes? others = null)
{
    // The pool's actor waits for nothing, so a longer silence is a defect.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <summary>Every sandbox and every run, as they are now.</summary>
    public Task<PoolView> ViewAsync(CancellationToken cancellation) =>
        pool.ActorRef.Ask<PoolView>(GetPoolView.Instance, s_patience, cancellation);

    /// <summary>The pool in numbers, as it is now.</summary>
    public Task<PoolStatus> StatusAsync(CancellationToken cancellation) =>
        pool.ActorRef.Ask<PoolStatus>(GetPoolStatus.Instance, s_patience, cancellation);

    /// <summary>What the pool has free, as other nodes hear of it.</summary>
    public Task<PoolDigest> DigestAsync(CancellationToken cancellation) =>
        pool.ActorRef.Ask<PoolDigest>(GetPoolDigest.Instance, s_patience, cancellation);

    /// <summary>
    /// Cancels a run: one that waits leaves the queue, one that is executed, here or by another node for this one, is killed. Its caller is
    /// told that it was cancelled. The result is null, or a refusal where no such run is under way.
    /// </summary>
    public async Task<Refusal?> CancelAsync(string runId, CancellationToken cancellation)
    {
        var view = await ViewAsync(cancellation);
        if (view.Runs.All(run => run.RunId != runId))
        {
            return others?.Cancel(runId) is true ? null : Refusal.NoRun(runId);
        }

        pool.ActorRef.Tell(new CancelRun(runId));
        return null;
    }
}
