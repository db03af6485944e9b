using Faas.Actors.Runs.Reply;

namespace Faas.Actors.Pool.Scheduler;

/// <summary>
/// Empties the pool.
/// <para>
/// Theory of operation. From the first request on, new runs are refused and sandboxes that no accepted run needs are closed. The
/// runs that the pool has are served until the time is up; then waiting runs are refused and busy sandboxes are told to kill
/// theirs. Once no sandbox lives and no run waits, that is announced, once for each series of requests.
/// A drain that is not final can be ended: the pool accepts runs again, and starts spares.
/// </para>
/// </summary>
internal sealed class Draining(
    KnownImages images, RunQueue queue, Fleet fleet, OpenRuns runs, Leases leases, Retirement retirement, EffectList effects)
{
    private bool _isFinal;
    private bool _isAnnounced;

    /// <summary>Whether a drain was asked for.</summary>
    public bool IsOn { get; private set; }

    /// <summary>When the runs that are left are stopped; null: they are not, or have been.</summary>
    public TimeSpan? StopsAt { get; private set; }

    /// <summary>A drain is asked for. Of several the one that ends first counts.</summary>
    /// <param name="within">How long accepted runs are served.</param>
    /// <param name="isFinal">Whether the pool never opens again.</param>
    /// <param name="now">The time.</param>
    public void Begin(TimeSpan within, bool isFinal, TimeSpan now)
    {
        (IsOn, _isFinal, _isAnnounced) = (true, _isFinal || isFinal, false);
        StopsAt = (now + within).OrEarlier(StopsAt);
        StopDue(now);
    }

    /// <summary>The pool accepts runs again; false: it never will.</summary>
    public bool TryEnd()
    {
        if (!_isFinal)
        {
            (IsOn, StopsAt) = (false, null);
        }

        return !_isFinal;
    }

    /// <summary>Stops all runs if the time is up.</summary>
    public void StopDue(TimeSpan now)
    {
        if (StopsAt > now || StopsAt is null)
        {
            return;
        }

        StopsAt = null;
        while (queue.Oldest is { } waiting)
        {
            runs.Dismiss(waiting, RefusalReason.Draining, now);
        }

        foreach (var sandbox in fleet.Alive)
        {
            foreach (var run in sandbox.Runs)
            {
                leases.Stop(sandbox, run);
            }

            // A run that is stopped goes on, unheard, in the process of a sandbox that serves several.
            if (sandbox is { Stage: FleetStage.Busy, Seats: > 1 })
            {
                effects.Add(new SendClose(sandbox.Number));
            }
        }
    }

    /// <summary>Closes sandboxes that no accepted run needs; false: there is none, or the pool is not drained.</summary>
    public bool TryCloseUnneeded(TimeSpan now)
    {
        if (!IsOn)
        {
            return false;
        }

        var unneeded = fleet.Alive.Where(IsUnneeded).ToList();
        foreach (var image in images)
        {
            unneeded.AddRange(image.Fleet.NewestStartingFirst.Take(image.Unclaimed));
        }

        foreach (var sandbox in unneeded)
        {
            retirement.Close(sandbox, now);
        }

        return unneeded.Count > 0;
    }

    private bool IsUnneeded(PooledSandbox sandbox) =>
        sandbox.Stage == FleetStage.Spare
        || (sandbox.Stage == FleetStage.Idle && queue.CountFor(sandbox.Binding!.Key) == 0);

    /// <summary>Announces the end of the drain, if it has come.</summary>
    public void AnnounceEnd()
    {
        if (IsOn && !_isAnnounced && fleet.Alive.Count == 0 && queue.Count == 0)
        {
            (_isAnnounced, StopsAt) = (true, null);
            effects.Add(new AnnounceDrained());
        }
    }
}
