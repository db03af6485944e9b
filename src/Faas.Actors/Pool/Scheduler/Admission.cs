using Faas.Actors.Runs;
using Faas.Actors.Runs.Reply;

namespace Faas.Actors.Pool.Scheduler;

/// <summary>Gives an arriving run a sandbox, or a place in the queue.</summary>
internal sealed class Admission(
    RunQueue queue, Fleet fleet, Slots slots, Permits permits, OpenRuns runs, Leases leases, Patience patience, Sharing sharing,
    Settlement settlement)
{
    /// <summary>
    /// A run has arrived. If there is a permit, it gets an idle sandbox of its binding. Else it joins a
    /// process that serves several at once; or waits for a busy one, if that
    /// is soon free; or takes a spare; or joins its lane. If the queue is then too full, the newest run of the longest lane is refused.
    /// </summary>
    public void Admit(PooledRun run, TimeSpan now)
    {
        if (fleet.IdleFor(run) is { } bound && permits.Free > 0)
        {
            leases.Begin(bound, run, Warmth.Warm, now);
        }
        else if (!sharing.TryJoin(run, now))
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

        if (run.Image.Fleet.OldestSpare is { } spare && permits.Free > 0)
        {
            leases.Begin(spare, run, Warmth.Spare, now);
        }
        else
        {
            queue.Add(run);
        }
    }
}
