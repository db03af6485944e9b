namespace Faas.Actors.Pool.Scheduler;

/// <summary>
/// Counts the sandboxes that may execute runs at once against those that do. There are <see cref="PoolOptions.Running"/> permits. A busy
/// sandbox has one, and so has each run for which a sandbox is on its way, so that a sandbox that becomes ready has one for its run.
/// </summary>
internal sealed class Permits(PoolBounds bounds, KnownImages images, Fleet fleet)
{
    /// <summary>Permits that no sandbox has and no run.</summary>
    public int Free
    {
        get
        {
            var free = bounds.Running - fleet.Busy;
            foreach (var image in images)
            {
                free -= Math.Max(0, image.Promises.Owed);
            }

            return free;
        }
    }
}
