using Faas.Actors.Runs;

namespace Faas.Actors.Pool.Scheduler;

/// <summary>
/// Everything that the pool knows of one image: the runs that wait for it, its sandboxes, and what starts of it have taught.
/// </summary>
/// <param name="key">The image.</param>
/// <param name="leastSpares">Spares that are kept even if no run asks for the image.</param>
/// <param name="isConfigured">True: the settings name the image, so it is never forgotten.</param>
internal sealed class PooledImage(ImageKey key, int leastSpares, bool isConfigured)
{
    /// <summary>The image.</summary>
    public ImageKey Key { get; } = key;

    /// <summary>Spares that are kept even if no run asks for the image.</summary>
    public int LeastSpares { get; set; } = leastSpares;

    /// <summary>Its patient and queued runs; <see cref="RunQueue"/> keeps them.</summary>
    public ImageQueue Queue { get; } = new();

    /// <summary>Its sandboxes; <see cref="Scheduler.Fleet"/> keeps them.</summary>
    public ImageFleet Fleet { get; } = new();

    /// <summary>Its runs for which a sandbox is on its way.</summary>
    public Promises Promises { get; } = new();

    /// <summary>How many spares its runs are worth.</summary>
    public SpareDemand Demand { get; } = new();

    /// <summary>How its latest starts went.</summary>
    public StartBackoff Backoff { get; } = new();

    /// <summary>Sandboxes that versions wish to have bound, and that no spare could be taken for; <see cref="Keeping"/> decides.</summary>
    public int Lacking { get; set; }

    /// <summary>Starting sandboxes that no promise waits for. Negative: that many promises wait for a start.</summary>
    public int Unclaimed => Fleet.Starting - Promises.Owed;

    /// <summary>Whether the pool can do without this object: no run waits, no sandbox lives, and past runs ask for no spare.</summary>
    public bool IsForgettable(TimeSpan now) =>
        !isConfigured && Lacking == 0 && Fleet.Alive == 0 && Promises.Count == 0 && Queue.IsEmpty && Demand.Wanted(now) == 0;
}
