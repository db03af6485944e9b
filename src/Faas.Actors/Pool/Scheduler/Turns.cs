namespace Faas.Actors.Pool.Scheduler;

/// <summary>
/// Decides which free sandbox is closed to make room for a lane, and when.
/// <para>
/// Theory of operation. Lanes take slots in turn. A warm run costs a fraction of a cold one, so a bound sandbox is not
/// taken from its binding for the next lane at once. While its binding has runs, or gets the next one within
/// <see cref="Grace"/>, the sandbox stays, until two things hold: it has served that binding for <see cref="Length"/>,
/// and the lane whose turn it is has got nothing for as long. Then the sandbox gives way. This bounds the price of switching,
/// and it bounds the wait of any lane.
/// </para>
/// <para>
/// Why there is grace. A sandbox replies a moment before it is free again, because its process has to be cleared away, and
/// a caller in a closed loop calls again within that moment. Without grace that call would close the idle sandbox of another
/// caller, who would do the same to the next: eight callers of eight scripts on eight sandboxes would start one for each run.
/// </para>
/// </summary>
internal sealed class Turns(KnownImages images, RunQueue queue, Fleet fleet, Permits permits)
{
    /// <summary>How long a bound sandbox may serve its own binding while a lane is passed over: a few times what a start costs.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// How long an idle sandbox is kept for its last caller, and how long a run waits for a busy sandbox of its own binding
    /// before another one is closed for it.
    /// </summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(20);

    /// <summary>When a sandbox may next be closed for the lane whose turn it is; null: none is free, or no lane has a permit.</summary>
    public TimeSpan? NextEnd =>
        queue.NextLane is { } lane && permits.Free > 0 ? FindDispensable(lane, TimeSpan.MinValue)?.From : null;

    /// <summary>When the sandbox has served its binding for a turn, and the lane has got nothing for as long.</summary>
    public static TimeSpan EndOf(PooledSandbox sandbox, Lane lane) =>
        (sandbox.TurnBegan > lane.PassedOverSince ? sandbox.TurnBegan : lane.PassedOverSince) + Length;

    /// <summary>The sandbox whose end would hurt least, and from when on it may be closed for this lane; null: none is free.</summary>
    public (PooledSandbox Sandbox, TimeSpan From)? FindDispensable(Lane lane, TimeSpan now)
    {
        var patience = lane.Head.BindingKey is { } key && fleet.HasBound(key) ? lane.Head.Arrived + Grace : TimeSpan.MinValue;
        var unused = LongestUnused();
        if (fleet.LeastRecentlyUsed is { } idle)
        {
            var from = FreeFrom(idle, lane);
            if (unused is null || (idle.Since < unused.Since && from <= now))
            {
                var least = from <= now ? fleet.LeastWorthFirst.First(other => FreeFrom(other, lane) <= now) : idle;
                return (least, from > patience ? from : patience);
            }
        }

        return unused is null ? null : (unused, patience);
    }

    private static TimeSpan FreeFrom(PooledSandbox idle, Lane lane) => (idle.Since + Grace).OrEarlier(EndOf(idle, lane));

    /// <summary>The longest unused of these: of each image its oldest spare, or else its newest start that no promise waits for.</summary>
    private PooledSandbox? LongestUnused()
    {
        PooledSandbox? found = null;
        foreach (var image in images)
        {
            var unused = image.Fleet.OldestSpare ?? (image.Unclaimed > 0 ? image.Fleet.NewestStarting : null);
            if (unused is not null && (found is null || unused.Since < found.Since))
            {
                found = unused;
            }
        }

        return found;
    }
}
