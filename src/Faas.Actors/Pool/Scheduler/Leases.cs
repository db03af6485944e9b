using Faas.Actors.Runs;

namespace Faas.Actors.Pool.Scheduler;

/// <summary>Begins, stops and ends the hold of a run on a sandbox.</summary>
internal sealed class Leases(Fleet fleet, OpenRuns runs, HeadStart headStart, EffectList effects)
{
    /// <summary>A run that is in no line gets a sandbox.</summary>
    public void Begin(PooledSandbox sandbox, PooledRun run, Warmth warmth, TimeSpan now)
    {
        fleet.Occupy(sandbox, run, now);
        if (warmth != Warmth.Warm)
        {
            sandbox.Image.Demand.Taken(now);
            sandbox.Image.Backoff.Succeeded();
        }

        if (warmth == Warmth.Spare)
        {
            headStart.Begin(run);
        }

        effects.Add(new SendLease(sandbox.Number, run, warmth));
    }

    /// <summary>Has the sandbox kill its run, unless it was told so before.</summary>
    public void Stop(PooledSandbox sandbox, PooledRun run)
    {
        if (!run.IsStopped)
        {
            run.Stop();
            effects.Add(new SendStop(sandbox.Number, run));
        }
    }

    /// <summary>A sandbox is done with its run.</summary>
    /// <param name="sandbox">The sandbox; it may be gone already.</param>
    /// <param name="run">Its run.</param>
    /// <param name="service">How long the run has kept it busy.</param>
    /// <param name="now">The time.</param>
    public void End(PooledSandbox sandbox, PooledRun run, TimeSpan service, TimeSpan now)
    {
        runs.End(run, service, now);
        fleet.Release(sandbox, run, service);
        headStart.RunEnded(run);
    }
}
