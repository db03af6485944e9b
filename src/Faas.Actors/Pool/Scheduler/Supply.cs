using Faas.Actors.Runs;

namespace Faas.Actors.Pool.Scheduler;

/// <summary>
/// Finds sandboxes for the runs that queue.
/// <para>
/// Theory of operation. When there is a permit, the lane whose turn it is gets it, with a sandbox that is there, or with the
/// promise of one. Of each image, as many sandboxes are starting, or slots about to come free, as runs have
/// been promised one (<see cref="Promises"/>). Slots that are about to come free are those of closing sandboxes; the images share
/// them. How many start at once is bounded (<see cref="StartPlaces"/>), with half as many for spares, because a start takes processor
/// time from the busy ones. So a promise may wait for its start.
/// </para>
/// </summary>
internal sealed class Supply(
    KnownImages images,
    RunQueue queue,
    Fleet fleet,
    Slots slots,
    Permits permits,
    StartPlaces places,
    Turns turns,
    StrandedRuns stranded,
    Leases leases,
    Retirement retirement)
{
    /// <summary>
    /// Gives each run that queues a sandbox, or the promise of one, in the order of the lanes' turns, as long as there are permits
    /// and a slot can be had.
    /// </summary>
    public void Serve(TimeSpan now)
    {
        places.Look(now);
        StartPromised(now);
        while (permits.Free > 0 && (TryServeStranded(now) || TryServeLane(now)))
        {
            StartPromised(now);
        }
    }

    private bool TryServeStranded(TimeSpan now)
    {
        foreach (var image in images)
        {
            if (image.Promises.Stranded > 0 && image.Fleet.OldestSpare is { } spare && stranded.NextOf(image) is { } run)
            {
                Lease(spare, run, Warmth.Spare, now);
                return true;
            }
        }

        return false;
    }

    /// <summary>Where the lane whose turn it is must wait for a slot, a run goes ahead that needs none: its sandbox is there.</summary>
    private bool TryServeLane(TimeSpan now) => queue.NextLane is { } next
        && (TryUse(next.Head, now) || TryPromise(next, now) || queue.All.Any(run => TryUse(run, now)));

    private bool TryUse(PooledRun run, TimeSpan now)
    {
        if (fleet.IdleFor(run) is { } idle)
        {
            Lease(idle, run, Warmth.Warm, now);
            return true;
        }

        if (run.Image.Fleet.OldestSpare is { } spare && run.Places is { IsPromised: false, Lane: not null })
        {
            Lease(spare, run, Warmth.Spare, now);
            return true;
        }

        return false;
    }

    private void Lease(PooledSandbox sandbox, PooledRun run, Warmth warmth, TimeSpan now)
    {
        queue.Take(run, now);
        leases.Begin(sandbox, run, warmth, now);
    }

    /// <summary>Finds one slot for one of the lanes, and promises it; false: there is none.</summary>
    private bool TryPromise(Lane next, TimeSpan now)
    {
        foreach (var image in images)
        {
            if (image.Unclaimed > 0 && image.Queue.NextLane is { } lane)
            {
                if (!TryUse(lane.Head, now))
                {
                    queue.Promise(lane, now);
                }

                return true;
            }
        }

        if (slots.Uncommitted <= 0)
        {
            if (turns.FindDispensable(next, now) is not var (sandbox, from) || from > now)
            {
                return false;
            }

            retirement.CloseForAnother(sandbox, now);
        }

        queue.Promise(next, now);
        return true;
    }

    private void StartPromised(TimeSpan now)
    {
        while (fleet.Room > 0 && LongestOwed() is { } image)
        {
            fleet.Start(image, now);
        }
    }

    /// <summary>
    /// Of the images whose promises lack a start, and which may begin one, the one with the oldest promise; null: there is none.
    /// </summary>
    private PooledImage? LongestOwed()
    {
        PooledImage? found = null;
        foreach (var image in images)
        {
            if (image.Unclaimed < 0
                && (found is null || image.Promises.Oldest!.Arrived < found.Promises.Oldest!.Arrived)
                && places.HasOneFor(image))
            {
                found = image;
            }
        }

        return found;
    }
}
