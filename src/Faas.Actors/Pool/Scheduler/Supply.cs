namespace Faas.Actors.Pool.Scheduler;

/// <summary>
/// Finds sandboxes for the runs that queue.
/// <para>
/// Theory of operation. Of each image, as many sandboxes are starting, or slots about to come free, as runs have
/// been promised one (<see cref="Promises"/>). Slots that are about to come free are those of closing sandboxes; the images share
/// them. No more than <see cref="PoolOptions.Starts"/> sandboxes start at once, half as many for spares, because a start
/// takes processor time from the busy ones. So a promise may wait for its start.
/// </para>
/// </summary>
internal sealed class Supply(
    PoolOptions options, KnownImages images, RunQueue queue, Fleet fleet, Slots slots, Turns turns, Retirement retirement)
{
    /// <summary>Promises a sandbox to each run that queues, in the order of the lanes' turns, as long as a slot can be had.</summary>
    public void PromiseSlots(TimeSpan now)
    {
        StartPromised(now);
        while (queue.NextLane is { } next && TryPromise(next, now))
        {
            StartPromised(now);
        }
    }

    /// <summary>Finds one slot for one of the lanes, and promises it; false: there is none.</summary>
    private bool TryPromise(Lane next, TimeSpan now)
    {
        foreach (var image in images)
        {
            if (image.Unclaimed > 0 && image.Queue.NextLane is { } lane)
            {
                queue.Promise(lane, now);
                return true;
            }
        }

        if (slots.Uncommitted <= 0)
        {
            if (turns.FindDispensable(next, now) is not var (sandbox, from) || from > now)
            {
                return false;
            }

            retirement.Close(sandbox, now);
        }

        queue.Promise(next, now);
        return true;
    }

    private void StartPromised(TimeSpan now)
    {
        while (fleet.Room > 0 && fleet.Starting < options.Starts && LongestOwed() is { } image)
        {
            fleet.Start(image, now);
        }
    }

    /// <summary>Of the images whose promises lack a start, the one with the oldest promise; null: no promise lacks a start.</summary>
    private PooledImage? LongestOwed()
    {
        PooledImage? found = null;
        foreach (var image in images)
        {
            if (image.Unclaimed < 0 && (found is null || image.Promises.Oldest!.Arrived < found.Promises.Oldest!.Arrived))
            {
                found = image;
            }
        }

        return found;
    }
}
