using Faas.Actors.Runs;
using Faas.Actors.Runs.Reply;

namespace Faas.Actors.Pool.Scheduler;

/// <summary>Gives an arriving run a sandbox, or a place in the queue.</summary>
internal sealed class Admission(
    RunQueue queue, Fleet fleet, Slots slots, OpenRuns runs, Leases leases, Patience patience, Settlement settlement)
{
    /// <summary>
    /// A run has arrived. It gets an idle sandbox of its binding; or waits for a busy one, if that is soon free; or takes
    /// a spare; or joins its lane. If the queue is then too full, the newest run of the longest lane is refused.
    /// </summary>
    public void Admit(PooledRun run, TimeSpan now)
    {
        if (run.BindingKey is { } key && fleet.IdleFor(key) is { } bound)
        {
            leases.Begin(bound, run, Warmth.Warm, now);
        }
        else
        {
            Place(run, now);
            settlement.Settle(now);
        }

        if (slots.IsOverfull && queue.Patient > 0)
        {
            patience.EndAll(now);
            settlement.Settle(now);
        }

        if (slots.IsOverfull && queue.NewestOfLongestLane is { } surplus)
        {
            runs.Dismiss(surplus, RefusalReason.QueueFull, now);
        }
    }

    private void Place(PooledRun run, TimeSpan now)
    {
        if (patience.TryWait(run, now))
        {
            return;
        }

        if (run.Image.Fleet.OldestSpare is { } spare)
        {
            leases.Begin(spare, run, Warmth.Spare, now);
        }
        else
        {
            queue.Add(run);
        }
    }
}
