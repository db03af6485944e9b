using Faas.Actors.Scripts;

namespace Faas.Actors.Pool.Scheduler;

/// <content>
/// Where sandboxes come from for those who wait.
/// <para>
/// Promises are counted, not tied: of a runtime, as many sandboxes are starting, or slots about to come free, as calls
/// have been promised one, and whichever is ready first serves the oldest promise. Slots about to come free are those
/// of closing sandboxes; they are shared by the runtimes. No more than <see cref="PoolOptions.Starts"/> start at once,
/// half as many for spares; a promise may wait for its start.
/// </para>
/// </content>
public sealed partial class PoolState
{
    private readonly StartBackoff[] _backoff = [.. s_runtimes.Select(_ => new StartBackoff())];

    private TimeSpan _settledAt;

    private void Settle(TimeSpan now)
    {
        _settledAt = now;
        EndPatience(now);
        do
        {
            StartPromised(now);
            while (_waiting.NextLane is { } next && Secure(next, now))
            {
                StartPromised(now);
            }
        }
        while (_draining && CloseUnneeded(now)); // what that frees may be for those who wait

        StartSpares(now);
    }

    /// <summary>Finds one slot for one of those who queue, and promises it; false: there is none.</summary>
    private bool Secure(Lane next, TimeSpan now)
    {
        foreach (var runtime in s_runtimes)
        {
            if (_waiting.NextLaneOf(runtime) is { } lane && _sandboxes.StartingOf(runtime).Count > Owed(runtime))
            {
                _waiting.Promise(lane, now);
                return true;
            }
        }

        if (Uncommitted <= 0)
        {
            if (Dispensable(next, now) is not var (sandbox, from) || from > now)
            {
                return false;
            }

            Close(sandbox, now);
        }

        _waiting.Promise(next, now);
        return true;
    }

    /// <summary>The sandbox that is missed least, and from when on it may be closed for that lane; null: none is free.</summary>
    private (PooledSandbox Sandbox, TimeSpan From)? Dispensable(Lane lane, TimeSpan now)
    {
        var patience = lane.Head.Code is { } code && _sandboxes.HasBound(code) ? lane.Head.Arrived + Grace : TimeSpan.MinValue;
        (PooledSandbox Sandbox, TimeSpan From)? found = null;
        foreach (var runtime in s_runtimes)
        {
            var spare = _sandboxes.SparesOf(runtime).First ?? (_sandboxes.StartingOf(runtime).Count > Owed(runtime) ? _sandboxes.StartingOf(runtime).Last : null);
            if (spare is not null && (found is not var (other, _) || spare.Value.Since < other.Since))
            {
                found = (spare.Value, patience);
            }
        }

        if (_sandboxes.Idle.First?.Value is { } idle)
        {
            var cold = idle.Since + Grace;
            var over = TurnIsOver(idle, lane);
            var from = cold < over ? cold : over;
            if (found is not var (spare, _) || (idle.Since < spare.Since && from <= now))
            {
                found = (idle, from > patience ? from : patience);
            }
        }

        return found;
    }

    /// <summary>When the sandbox has served its code for a turn, and the lane has got nothing for as long.</summary>
    private static TimeSpan TurnIsOver(PooledSandbox sandbox, Lane lane) =>
        (sandbox.TurnBegan > lane.PassedOverSince ? sandbox.TurnBegan : lane.PassedOverSince) + Turn;

    private void StartPromised(TimeSpan now)
    {
        while (Room > 0 && Starting < options.Starts && LongestOwed() is { } runtime)
        {
            Start(runtime, now);
        }
    }

    /// <summary>The runtime whose promises wait for a start, and of several that with the oldest promise.</summary>
    private Runtime? LongestOwed()
    {
        Runtime? found = null;
        var oldest = TimeSpan.MaxValue;
        foreach (var runtime in s_runtimes)
        {
            if (_sandboxes.StartingOf(runtime).Count < Owed(runtime) && _waiting.PromisedOf(runtime).First!.Value.Arrived is var arrived && arrived < oldest)
            {
                (found, oldest) = (runtime, arrived);
            }
        }

        return found;
    }

    /// <summary>Sandboxes whose runtime has not answered yet. Starting takes processor time from those that run, so there are never many.</summary>
    private int Starting => s_runtimes.Sum(runtime => _sandboxes.StartingOf(runtime).Count);

    /// <summary>More queue than may, those not counted who are about to get a free sandbox that is still kept for another.</summary>
    private bool Overfull => Unsupplied > options.Queue + _sandboxes.Idle.Count + s_runtimes.Sum(runtime => _sandboxes.SparesOf(runtime).Count);

    /// <summary>Calls for which nothing is on its way.</summary>
    private int Unsupplied => _waiting.Patient + _waiting.Queued + _stranded.Sum();

    /// <summary>Sandboxes that may be started now.</summary>
    private int Room => options.Size - _sandboxes.Alive;

    /// <summary>Promises of a runtime that stand on a sandbox to come.</summary>
    private int Owed(Runtime runtime) => _waiting.PromisedOf(runtime).Count - _stranded[(int)runtime];

    /// <summary>Slots that are free or about to be, and promised to nobody.</summary>
    private int Uncommitted
    {
        get
        {
            var free = Room + _sandboxes.Closing;
            foreach (var runtime in s_runtimes)
            {
                free -= Math.Max(0, Owed(runtime) - _sandboxes.StartingOf(runtime).Count);
            }

            return free;
        }
    }

    private void Start(Runtime runtime, TimeSpan now) => _effects.Add(new StartSandbox(_sandboxes.Add(runtime, now).Number, runtime));
}
