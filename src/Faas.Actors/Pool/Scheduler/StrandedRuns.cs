using Faas.Actors.Runs;
using Faas.Actors.Runs.Reply;

namespace Faas.Actors.Pool.Scheduler;

/// <summary>
/// Decides what becomes of the promises when a start fails.
/// <para>
/// Theory of operation. A failed start breaks one promise. The run fails, unless a sandbox that is bound to its binding key
/// may still serve it. Then the run keeps its place without supply: it is *stranded*, and counts as a queued one. Starts are
/// not tied to runs, so only the number of stranded runs is kept (<see cref="Promises.Stranded"/>). A run is *hopeless* if
/// no sandbox is bound to its key: hopeless runs are the first to get a new sandbox, and the first to fail.
/// </para>
/// </summary>
internal sealed class StrandedRuns(PoolBounds bounds, Fleet fleet, Slots slots, Permits permits, OpenRuns runs)
{
    /// <summary>The promised run that gets the next sandbox of this image; null: no run was promised one.</summary>
    public PooledRun? NextOf(PooledImage image) =>
        (image.Promises.Stranded > 0 ? image.Promises.Runs.FirstOrDefault(IsHopeless) : null) ?? image.Promises.Oldest;

    /// <summary>Starts work again: as many stranded runs get supply as there are slots and permits.</summary>
    public void Resupply(PooledImage image)
    {
        while (image.Promises.Stranded > 0 && slots.Uncommitted > 0 && permits.Free > 0)
        {
            image.Promises.Resupply();
        }
    }

    /// <summary>A starting sandbox of this image will not become ready.</summary>
    public void StartFailed(PooledImage image, string why, TimeSpan now)
    {
        image.Backoff.StartFailed(why, now);
        if (image.Unclaimed >= 0)
        {
            return;
        }

        image.Promises.Strand();
        FailHopeless(image, why);
        if (image.Promises.Stranded > 0 && slots.Unsupplied > bounds.Queue)
        {
            Fail(image.Promises.Oldest!, why);
        }
    }

    /// <summary>Fails as many stranded runs as no sandbox will ever serve.</summary>
    public void FailHopeless(PooledImage image, string why)
    {
        if (image.Promises.Stranded == 0)
        {
            return;
        }

        var hopeless = image.Promises.Runs.Where(IsHopeless).ToList();
        foreach (var run in hopeless.Take(hopeless.Count - image.Promises.Owed))
        {
            Fail(run, why);
        }
    }

    private bool IsHopeless(PooledRun run) => run.BindingKey is not { } key || !fleet.HasBound(key);

    private void Fail(PooledRun run, string why) => runs.Dismiss(run, new RunEnded(run.RunId, Outcome.Broken(why)));
}
