namespace Faas.Actors.Pool.Scheduler;

/// <summary>
/// Keeps sandboxes ready for runs that have not arrived yet.
/// <para>
/// Theory of operation. Each image should have as many spares as its demand asks for (<see cref="SpareDemand"/>), within
/// what the settings allow. A missing spare is started once the run that took the last one has had its
/// <see cref="HeadStart"/> and the image's <see cref="StartBackoff"/> allows it; waiting runs take the slots first. A spare
/// is closed when it has been unused for <see cref="PoolOptions.IdleTtl"/> and the demand has fallen.
/// </para>
/// </summary>
internal sealed class Spares(
    PoolBounds bounds, KnownImages images, Fleet fleet, HeadStart headStart, Draining draining, Retirement retirement)
{
    // When the demand was last looked at; deadlines follow from that.
    private TimeSpan _lookedAt;

    /// <summary>When the next spare must be started or closed.</summary>
    public TimeSpan NextChange
    {
        get
        {
            var next = Deadlines.Never;
            foreach (var image in images)
            {
                next = next.OrEarlier(SurplusAt(image)).OrEarlier(DueAt(image));
            }

            return next;
        }
    }

    /// <summary>Starts the spares that are missing and may be started now.</summary>
    public void StartMissing(TimeSpan now)
    {
        _lookedAt = now;
        if (!headStart.TryEnd(now))
        {
            return;
        }

        foreach (var image in images)
        {
            while (IsMissing(image, now) && fleet.Starting < Math.Max(1, bounds.Starts / 2) && image.Backoff.RetryAt <= now)
            {
                fleet.Start(image, now);
            }
        }
    }

    /// <summary>Closes the spares that are too many.</summary>
    public void CloseSurplus(TimeSpan now)
    {
        _lookedAt = now;
        foreach (var image in images)
        {
            while (SurplusAt(image) <= now)
            {
                retirement.Close(image.Fleet.OldestSpare!, now);
            }
        }
    }

    private bool IsMissing(PooledImage image, TimeSpan now) =>
        !draining.IsOn && fleet.Room > 0 && image.Fleet.Spares + image.Unclaimed < Wanted(image, now);

    /// <summary>What the demand makes of the least and the most that the operator wants, and what versions wish to have bound.</summary>
    private int Wanted(PooledImage image, TimeSpan now) =>
        Math.Max(image.LeastSpares, Math.Min(image.Demand.Wanted(now), MostOf(image))) + image.Lacking;

    private int MostOf(PooledImage image) => Math.Min(bounds.MaxSpares, image.Demand.Affordable(bounds.SpareMemoryBytes));

    /// <summary>When a missing spare may be started; null: none is missing, or it is not a matter of time.</summary>
    private TimeSpan? DueAt(PooledImage image)
    {
        var due = image.Backoff.RetryAt > headStart.EndsAt ? image.Backoff.RetryAt : headStart.EndsAt;
        return due > _lookedAt && IsMissing(image, _lookedAt) ? due : null;
    }

    /// <summary>When the oldest spare is one too many; null: never.</summary>
    private TimeSpan? SurplusAt(PooledImage image)
    {
        if (image.Fleet.Spares <= image.LeastSpares)
        {
            return null;
        }

        var unused = image.Fleet.OldestSpare!.Since + bounds.IdleTtl;
        var unwanted = image.Fleet.Spares > MostOf(image) ? unused : image.Demand.FallsTo(image.Fleet.Spares - 1, _lookedAt);
        return unused > unwanted ? unused : unwanted;
    }
}
