namespace Faas.Actors.Pool.Scheduler;

/// <summary>
/// Counts the pool's slots against the runs that need one. A slot is the right to one living sandbox; the pool has as many
/// as <see cref="PoolOptions.Sandboxes"/> and <see cref="PoolOptions.MemoryBytes"/> allow, for all images together.
/// </summary>
internal sealed class Slots(PoolBounds bounds, KnownImages images, RunQueue queue, Fleet fleet, Permits permits)
{
    /// <summary>Slots that are free, or about to come free because their sandbox is closing, and that no promise needs.</summary>
    public int Uncommitted
    {
        get
        {
            var free = fleet.RoomToCome;
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
    /// Whether more runs queue than may. Each spare sandbox, and each idle one that need not stay, allows for one run more, if there is a
    /// permit: a run that is about to get that sandbox, but has to wait while it is kept for another (<see cref="Turns"/>).
    /// </summary>
    public bool IsOverfull => Unsupplied > bounds.Queue + Math.Max(0, Math.Min(fleet.IdleForOthers + fleet.Spare, permits.Free));
}
