using Faas.Actors.Runs;

namespace Faas.Actors.Pool.Scheduler;

/// <summary>
/// Keeps sandboxes bound for the versions that ask for it (<see cref="WarmWishes"/>).
/// <para>
/// Theory of operation. What is lacking counts as spares that the image needs, so <see cref="Spares"/> starts it under all of its rules.
/// A spare that no run needs is then bound, without a run, or with one that waits for a sandbox of that binding. An idle sandbox that is
/// to stay is not among those that are closed for being idle or for being worth little (<see cref="Fleet.KeepIdle"/>). Together, such
/// sandboxes take at most half of the pool, so that versions that ask for much cannot take it from the others. If the pool is full, the
/// idle sandbox that is worth least and need not stay gives way.
/// </para>
/// </summary>
internal sealed class Keeping(
    WarmWishes wishes,
    KnownImages images,
    RunQueue queue,
    Fleet fleet,
    Permits permits,
    Leases leases,
    Draining draining,
    Retirement retirement,
    EffectList effects)
{
    private bool _wasLacking;

    /// <summary>A run, or a new version, says how many sandboxes of its version are to stay.</summary>
    public void Note(Run run, string? key, TimeSpan now)
    {
        if (run.MinWarm is not { } count)
        {
            return;
        }

        var path = run.Owner is null ? run.Queue : $"{run.Queue} @{run.Owner}";
        if (wishes.TryTake(path, key, run, count, out var before))
        {
            fleet.WishChanged(before, now);
            fleet.WishChanged(key, now);
        }
    }

    /// <summary>A script is called no more, by the callers of any key.</summary>
    public void LetGo(string path, TimeSpan now)
    {
        foreach (var key in wishes.Forget(path, $"{path} @"))
        {
            fleet.WishChanged(key, now);
        }
    }

    /// <summary>Binds spares to what lacks sandboxes, and says how many more spares its images need.</summary>
    public void BindMissing(TimeSpan now)
    {
        if (wishes.Lacking.Count == 0 && !_wasLacking)
        {
            return;
        }

        foreach (var image in images)
        {
            image.Lacking = 0;
        }

        _wasLacking = wishes.Lacking.Count > 0;
        var lacking = 0;
        foreach (var wish in draining.IsOn ? [] : wishes.Lacking.ToList())
        {
            lacking += Bind(wish, fleet.RoomToKeep - lacking, now);
        }

        if (lacking > 0 && fleet.RoomToCome <= 0 && fleet.LeastWorth is { } idle)
        {
            retirement.CloseForAnother(idle, now);
        }
    }

    // How many more spares it takes.
    private int Bind(WarmWish wish, int room, TimeSpan now)
    {
        var image = images.Of(wish.Run.Image);
        for (; wish.Missing > 0 && room > 0 && image.Fleet.OldestSpare is { } spare; room--)
        {
            if (queue.FirstPatientFor(wish.Key) is { } waiting && permits.Free > 0)
            {
                queue.Remove(waiting);
                leases.Begin(spare, waiting, Warmth.Spare, now);
            }
            else if (queue.CountFor(wish.Key) > 0)
            {
                return 0; // its runs get sandboxes of their own, which count
            }
            else
            {
                fleet.BindIdle(spare, wish.Run, now);
                effects.Add(new SendBind(spare.Number, wish.Run));
            }
        }

        var lacking = Math.Min(wish.Missing, Math.Max(0, room));
        image.Lacking += lacking;
        return lacking;
    }
}
