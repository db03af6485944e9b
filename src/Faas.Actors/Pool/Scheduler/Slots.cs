namespace Faas.Actors.Pool.Scheduler;

/// <summary>
/// Counts the pool's slots against the runs that need one. A slot is the right to one living sandbox; the pool has
/// <see cref="PoolOptions.Size"/> of them, for all images together.
/// </summary>
internal sealed class Slots(PoolOptions options, KnownImages images, RunQueue queue, Fleet fleet)
{
    /// <summary>Slots that are free, or about to come free because their sandbox is closing, and that no promise needs.</summary>
    public int Uncommitted
    {
        get
        {
            var free = fleet.Room + fleet.Closing;
            foreach (var image in images)
            {
                free += Math.Min(0, image.Unclaimed);
            }

            return free;
        }
    }

    /// <summary>Runs for which nothing is on its way. <see cref="PoolOptions.Queue"/> bounds them.</summary>
    public int Unsupplied
    {
        get
        {
            var runs = queue.Patient + queue.Queued;
            foreach (var image in images)
            {
                runs += image.Promises.Stranded;
            }

            return runs;
        }
    }

    /// <summary>
    /// Whether more runs queue than may. Each idle or spare sandbox allows for one run more: a run that is about to get that
    /// sandbox, but has to wait while it is kept for another (<see cref="Turns"/>).
    /// </summary>
    public bool IsOverfull => Unsupplied > options.Queue + fleet.Idle + fleet.Spare;
}
