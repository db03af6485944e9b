namespace Faas.Actors.Pool.Scheduler;

/// <summary>
/// Closes sandboxes, and removes those that are gone. Patient runs that waited for the last one of their binding move on
/// at once.
/// </summary>
internal sealed class Retirement(PoolBounds bounds, KnownImages images, Fleet fleet, Slots slots, Patience patience)
{
    /// <summary>When the next sandbox will have been idle for <see cref="PoolOptions.IdleTtl"/>; null: none is idle.</summary>
    public TimeSpan? NextIdleEnd => fleet.LeastRecentlyUsed?.Since + bounds.IdleTtl;

    /// <summary>Tells a sandbox to end.</summary>
    public void Close(PooledSandbox sandbox, TimeSpan now)
    {
        var binding = sandbox.Binding;
        fleet.Close(sandbox, now);
        Unbound(binding, now);
    }

    /// <summary>Tells a sandbox to end, because another needs its place.</summary>
    public void CloseForAnother(PooledSandbox sandbox, TimeSpan now)
    {
        var binding = sandbox.Binding;
        fleet.CloseForAnother(sandbox, now);
        Unbound(binding, now);
    }

    /// <summary>A sandbox takes no more runs. It is closed when it has none.</summary>
    public void Retire(PooledSandbox sandbox, TimeSpan now)
    {
        if (sandbox.Stage == FleetStage.Idle)
        {
            Close(sandbox, now);
            return;
        }

        var binding = sandbox.Binding;
        fleet.Retire(sandbox);
        Unbound(binding, now);
    }

    /// <summary>
    /// Closes the idle sandboxes that are worth least, as long as all together hold more memory than they may, or are too many, or leave no
    /// room for those that runs were promised; then spares that are too many, or take that room.
    /// </summary>
    public void CloseExcess(TimeSpan now)
    {
        while ((fleet.HoldsTooMuch || LacksRoom) && fleet.LeastWorth is { } idle)
        {
            CloseForAnother(idle, now);
        }

        while (LacksRoom && OldestSpare is { } spare)
        {
            CloseForAnother(spare, now);
        }
    }

    /// <summary>Closes the sandboxes that have been idle for <see cref="PoolOptions.IdleTtl"/>.</summary>
    public void CloseIdle(TimeSpan now)
    {
        while (NextIdleEnd <= now)
        {
            Close(fleet.LeastRecentlyUsed!, now);
        }
    }

    /// <summary>A sandbox is gone.</summary>
    public void Remove(PooledSandbox sandbox, TimeSpan now)
    {
        var binding = sandbox.Binding;
        fleet.Remove(sandbox);
        Unbound(binding, now);
    }

    // Measured memory grows, and settings change, after a promise.
    private bool LacksRoom => fleet.IsTooLarge || slots.Uncommitted < 0;

    private PooledSandbox? OldestSpare
    {
        get
        {
            PooledSandbox? oldest = null;
            foreach (var image in images)
            {
                oldest = image.Fleet.OldestSpare is { } spare && !(oldest?.Since <= spare.Since) ? spare : oldest;
            }

            return oldest;
        }
    }

    private void Unbound(Binding? binding, TimeSpan now)
    {
        if (binding is not null)
        {
            patience.SandboxLost(binding, now);
        }
    }
}
