using Faas.Actors.Scripts;

namespace Faas.Actors.Pool.Scheduler;

/// <content>
/// Spares, for those who will come: how many, from when on, and for how long.
/// <para>
/// Head start. The call that takes a spare is not yet running when the pool knows that it lacks one, and a start takes more
/// processor time than most calls. So a spare is not replaced before that call is over, or has had <see cref="HeadStart"/>.
/// Whoever takes another meanwhile does not lengthen that, and a promise is never held back by it.
/// </para>
/// </content>
public sealed partial class PoolState
{
    /// <summary>How long the call that has taken a spare runs before another is started in its place.</summary>
    public static readonly TimeSpan HeadStart = TimeSpan.FromMilliseconds(50);

    private readonly SpareDemand[] _demand = [.. s_runtimes.Select(_ => new SpareDemand())];
    private PooledRun? _ahead;

    /// <summary>When spares may be started, as far as the call that is ahead of them goes.</summary>
    private TimeSpan SparesFrom => _ahead is { } ahead ? ahead.Dispatched + HeadStart : TimeSpan.MinValue;

    private void StartSpares(TimeSpan now)
    {
        if (SparesFrom > now)
        {
            return;
        }

        _ahead = null;
        foreach (var runtime in s_runtimes)
        {
            while (LacksSpare(runtime, now) && Starting < Math.Max(1, options.Starts / 2) && _backoff[(int)runtime].RetryAt <= now)
            {
                Start(runtime, now);
            }
        }
    }

    private bool LacksSpare(Runtime runtime, TimeSpan now) =>
        !_draining && Room > 0 && _sandboxes.SparesOf(runtime).Count + _sandboxes.StartingOf(runtime).Count - Owed(runtime) < WantedSpares(runtime, now);

    /// <summary>What the demand makes of the least and the most that the operator wants.</summary>
    private int WantedSpares(Runtime runtime, TimeSpan now)
    {
        var demanded = Math.Min(_demand[(int)runtime].Wanted(now), MostSpares(runtime));
        return Math.Max(LeastSpares(runtime), demanded);
    }

    private int MostSpares(Runtime runtime) => Math.Min(options.MaxSpares, _demand[(int)runtime].Affordable(options.SpareMemoryBytes));

    private int LeastSpares(Runtime runtime) => runtime == Runtime.Python ? options.SparePython : options.SpareNode;

    /// <summary>When a spare that is lacking may be started; null: none is, or it is not a matter of time.</summary>
    private TimeSpan? SpareDue(Runtime runtime)
    {
        var due = _backoff[(int)runtime].RetryAt is var retry && retry > SparesFrom ? retry : SparesFrom;
        return due > _settledAt && LacksSpare(runtime, _settledAt) ? due : null;
    }

    /// <summary>When the oldest spare is one too many; null: never.</summary>
    private TimeSpan? SurplusAt(Runtime runtime)
    {
        var spares = _sandboxes.SparesOf(runtime);
        if (spares.Count <= LeastSpares(runtime))
        {
            return null;
        }

        var unused = spares.First!.Value.Since + options.IdleTtl;
        var unwanted = spares.Count > MostSpares(runtime) ? unused : _demand[(int)runtime].FallsTo(spares.Count - 1, _settledAt);
        return unused > unwanted ? unused : unwanted;
    }
}
