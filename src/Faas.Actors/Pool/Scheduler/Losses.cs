using Faas.Actors.Runs;
using Faas.Actors.Runs.Reply;

namespace Faas.Actors.Pool.Scheduler;

/// <summary>Decides what follows when a sandbox ends, or will never be ready.</summary>
internal sealed class Losses(
    Fleet fleet, OpenRuns runs, Leases leases, StrandedRuns stranded, Retirement retirement, EffectList effects)
{
    private const string NoSandboxLeft = "No new sandbox could be started, and the last one that could have served the call ended.";

    /// <summary>A starting sandbox will not become ready, but is not gone yet.</summary>
    public void StartFailed(PooledSandbox sandbox, string why, TimeSpan now)
    {
        fleet.Fail(sandbox, now);
        stranded.StartFailed(sandbox.Image, why, now);
    }

    /// <summary>A sandbox is gone, in any stage.</summary>
    public void Gone(PooledSandbox sandbox, TimeSpan now)
    {
        var stage = sandbox.Stage;
        retirement.Remove(sandbox, now);
        switch (stage)
        {
            case FleetStage.Starting:
                stranded.StartFailed(sandbox.Image, "The sandbox ended before it was ready.", now);
                break;
            case FleetStage.Spare:
                sandbox.Image.Backoff.DiedUnused(now);
                effects.Add(new LogVanished(sandbox.Number, sandbox.Image.Key));
                break;
            case FleetStage.Idle:
                if (sandbox.Uses == 0)
                {
                    sandbox.Image.Backoff.DiedUnused(now); // it was bound without a run, and so will be the next one
                }

                effects.Add(new LogVanished(sandbox.Number, sandbox.Image.Key));
                break;
            case FleetStage.Busy:
                BreakAll(sandbox, now);
                break;
            default:
                break; // it was closing: this was expected
        }

        stranded.FailHopeless(sandbox.Image, NoSandboxLeft);
    }

    private void BreakAll(PooledSandbox sandbox, TimeSpan now)
    {
        foreach (var run in sandbox.Runs.ToList())
        {
            Break(sandbox, run, now);
        }
    }

    private void Break(PooledSandbox sandbox, PooledRun run, TimeSpan now)
    {
        var outcome = run.IsStopped ? Outcome.Cancelled : Outcome.Broken("The sandbox ended without an answer.");
        runs.Reply(run, new RunEnded(run.RunId, outcome));
        leases.End(sandbox, run, now - run.Dispatched, now);
    }
}
