namespace Faas.Actors.Pool.Scheduler;

/// <summary>
/// Says whether a sandbox may begin to start for a run.
/// <para>
/// Theory of operation. No more than <see cref="PoolOptions.Starts"/> sandboxes start at once, because a start takes processor time. A
/// start that has gone on for <see cref="Slow"/> most likely waits for something that takes none, such as a mother that stands still. An
/// image whose starts are slow must not hold up the others. So an image none of whose sandboxes is starting may start one all the
/// same while another image has a slow start. In all, no more than twice <see cref="PoolOptions.Starts"/> start at once.
/// </para>
/// </summary>
internal sealed class StartPlaces(PoolBounds bounds, KnownImages images, Fleet fleet)
{
    /// <summary>How long a start goes on before it no longer holds up other images.</summary>
    public static readonly TimeSpan Slow = TimeSpan.FromSeconds(1);

    private TimeSpan _lookedAt;

    /// <summary>When a start will have become slow, so that another image may start a sandbox; null: no image waits for that.</summary>
    public TimeSpan? NextSlow
    {
        get
        {
            TimeSpan? next = null;
            if (fleet.Starting >= bounds.Starts)
            {
                foreach (var image in images)
                {
                    next = image.Fleet.OldestStarting?.Since + Slow is { } slow && slow > _lookedAt ? slow.OrEarlier(next) : next;
                }
            }

            return next;
        }
    }

    /// <summary>Starts are given out now.</summary>
    public void Look(TimeSpan now) => _lookedAt = now;

    /// <summary>Whether a sandbox of this image may begin to start now.</summary>
    public bool HasOneFor(PooledImage image) => fleet.Starting < bounds.Starts
        || (image.Fleet.Starting == 0 && fleet.Starting < 2 * bounds.Starts && IsAnySlow());

    private bool IsAnySlow()
    {
        foreach (var image in images)
        {
            if (image.Fleet.OldestStarting is { } starting && starting.Since + Slow <= _lookedAt)
            {
                return true;
            }
        }

        return false;
    }
}
