using Faas.Actors.Scripts;

namespace Faas.Actors.Pool.Scheduler;

/// <summary>
/// Decides when a binding whose sandboxes are all busy gets another one, though each of its runs would be served soon.
/// <para>
/// Theory of operation. The ski-rental rule for a binding as a whole: when its runs have waited as long as a start takes, all
/// together (<see cref="WaitDebt"/>), another sandbox would have paid for itself, and the next run that finds all sandboxes
/// busy gets one. That run may be served by a bound sandbox before the new one is ready. Then the debt stands, and the next
/// run takes its place. So a binding never has more sandboxes than it had runs at one time.
/// </para>
/// <para>
/// There is a use for one sandbox for each processor, and for one more that clears a run away meanwhile. A growing binding
/// takes a spare, or a slot that no run needs, and of the other bindings only sandboxes that have been idle for
/// <see cref="LongIdle"/>. So a crowd of one script does not take the pool from the others. Runs of a shared process never
/// cause growth: a second process would not have the state of the first one.
/// </para>
/// </summary>
internal sealed class Growth(PoolBounds bounds, Fleet fleet, Slots slots, Permits permits)
{
    /// <summary>How long a sandbox must have been idle, to be closed for the growth of another binding.</summary>
    public static readonly TimeSpan LongIdle = TimeSpan.FromSeconds(10);

    /// <summary>Whether the binding of this run has paid for another sandbox, costing <paramref name="price"/>, and can have it.</summary>
    public bool IsDue(PooledRun run, TimeSpan price, TimeSpan now) =>
        run.Run.Isolation == Isolation.Process
        && fleet.BindingOf(run.BindingKey!) is { } binding
        && binding.Sandboxes <= bounds.Processors
        && binding.Debt.At(now) >= price
        && permits.Free > 0
        && HasSupply(run.Image, now);

    /// <summary>Makes sure of a slot for a binding that is due.</summary>
    public void MakeRoom(PooledImage image, TimeSpan now)
    {
        if (!IsAtHand(image) && slots.Uncommitted <= 0)
        {
            fleet.CloseForAnother(fleet.LeastRecentlyUsed!, now);
        }
    }

    private static bool IsAtHand(PooledImage image) => image.Fleet.Spares > 0 || image.Unclaimed > 0;

    private bool HasSupply(PooledImage image, TimeSpan now) =>
        IsAtHand(image)
        || (image.Backoff.RetryAt <= now && (slots.Uncommitted > 0 || fleet.LeastRecentlyUsed?.Since + LongIdle <= now));
}
