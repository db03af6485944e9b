using Faas.Actors.Runs;

namespace Faas.Actors.Pool.Scheduler;

/// <summary>Gives a sandbox that has come free to a run that waits.</summary>
internal sealed class Handover(
    RunQueue queue, Fleet fleet, Permits permits, StrandedRuns stranded, Leases leases, Patience patience, Retirement retirement)
{
    /// <summary>A new sandbox is ready: it serves a promise, or becomes a spare. A stranded run may have no permit.</summary>
    public void Started(PooledSandbox sandbox, TimeSpan now)
    {
        if (stranded.NextOf(sandbox.Image) is not { } run || (sandbox.Image.Promises.Owed <= 0 && permits.Free <= 0))
        {
            fleet.KeepSpare(sandbox, now);
            return;
        }

        queue.Remove(run);
        leases.Begin(sandbox, run, Warmth.Cold, now);
        stranded.Resupply(sandbox.Image);
    }

    /// <summary>
    /// A sandbox is done with a run. If it has no other: an unbound one has served its only run and is closed. A bound one serves its
    /// binding again; or idles, if no run waits for it, or if the permit is for the lane whose turn it is.
    /// </summary>
    public void Freed(PooledSandbox sandbox, TimeSpan now)
    {
        if (sandbox.Runs.Count > 0)
        {
            return; // it serves several at once; Sharing fills it again
        }

        if (sandbox.Binding is not { } binding)
        {
            retirement.Close(sandbox, now);
            return;
        }

        if (queue.FirstFor(binding.Key) is not { } heir)
        {
            fleet.KeepIdle(sandbox, now);
            return;
        }

        // A promised run has a permit of its own.
        if (queue.NextLane is { } next && !heir.Places!.IsPromised)
        {
            if (next.Head.BindingKey == binding.Key)
            {
                // The lane has its turn, though the run that has waited longest for this binding may be in another line.
                queue.TakeTurn(next, now);
                sandbox.BeginTurn(now);
            }
            else if (sandbox.Image.Promises.Stranded == 0 && (IsServedAtOnce(next) || Turns.EndOf(sandbox, next) <= now))
            {
                if (queue.FirstPromisedFor(binding.Key) is not { } promised)
                {
                    fleet.KeepIdle(sandbox, now);
                    patience.GiveWay(binding);
                    return;
                }

                heir = promised;
            }
        }

        binding.Debt.Add(now - heir.Arrived, now);
        queue.Take(heir, now);
        leases.Begin(sandbox, heir, Warmth.Warm, now);
    }

    private bool IsServedAtOnce(Lane lane) => fleet.IdleFor(lane.Head) is not null || lane.Image.Fleet.Spares > 0;
}
