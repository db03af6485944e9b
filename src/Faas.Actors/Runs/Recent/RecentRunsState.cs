namespace Faas.Actors.Runs.Recent;

// Theory of operation. Runs under way stand in a list, by when they began; those that have ended stand in a ring, by when they ended. Each
// run's latest change has a number, and numbers rise along the list and along the ring. A reader names the last number that it has seen,
// and the changes after it stand at the two ends; so no queue is kept for any reader. A reader whose number is below that of the newest
// change that was dropped has missed changes, and starts anew.
//
// A run that has ended gets its number a moment later, when its cost and its answer's status are known too ("settled"), or after a
// second without them. Its output is accounted for at the same time: before that, its processes may still print.
// Positions in the ring count all ended runs, so position modulo size is the place.

/// <summary>
/// The runs under way and the last that have ended. Not safe from several threads; <see cref="RecentRuns"/> has the lock. Each step costs
/// the same however many runs there are, but for what is handed to a reader.
/// </summary>
/// <param name="options">How much is kept.</param>
public sealed class RecentRunsState(RecentRunsOptions options)
{
    /// <summary>The most runs under way that are shown; further ones appear when they have ended.</summary>
    public const int MostUnderWay = 10_000;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    private readonly LinkedList<RunRecord> _underWay = [];
    private readonly RunRecord?[] _ring = new RunRecord?[options.Count];
    private long _first; // the oldest in the ring
    private long _logged; // the oldest whose output was not forgotten to save memory
    private long _settled; // the first that is not settled
    private long _next; // the place of the next
    private long _number;
    private long _dropped; // the newest change of what has left the ring

    /// <summary>The number of the latest change.</summary>
    public long Change { get; private set; }

    /// <summary>The bytes of output that are kept of settled runs.</summary>
    public long LogBytes { get; private set; }

    /// <summary>How many ended runs are kept.</summary>
    public int Kept => (int)(_next - _first);

    /// <summary>A run was submitted.</summary>
    public void Begin(RunRecord run)
    {
        run.Number = ++_number;
        run.Change = ++Change;
        if (_underWay.Count < MostUnderWay)
        {
            run.Place = _underWay.AddLast(run);
        }
    }

    /// <summary>A run has ended.</summary>
    public void End(RunRecord run)
    {
        if (run.Place is { } place)
        {
            _underWay.Remove(place);
            run.Place = null;
        }

        Settle();
        if (Kept == options.Count)
        {
            Drop();
        }

        _ring[_next++ % options.Count] = run;
    }

    /// <summary>Numbers the runs that have settled, and drops those that are too old.</summary>
    public void Settle()
    {
        while (_first < _next && At(_first) is { End: { } end } oldest && oldest.Age - end.After > options.MaxAge)
        {
            Drop();
        }

        while (_settled < _next && At(_settled) is { End: { } end } run && (run.IsComplete || run.Age - end.After > s_patience))
        {
            Settle(run);
        }
    }

    /// <summary>Every run that is kept, in no order.</summary>
    public RunRecord[] All()
    {
        Settle();
        var all = new RunRecord[_underWay.Count + Kept];
        _underWay.CopyTo(all, 0);
        for (var i = 0; i < Kept; i++)
        {
            all[_underWay.Count + i] = At(_first + i);
        }

        return all;
    }

    /// <summary>What has changed since a change, by change; null: some of it is not known any more.</summary>
    public IReadOnlyList<RunRecord>? Since(long change)
    {
        Settle();
        if (change < _dropped || change > Change)
        {
            return null;
        }

        var changed = new List<RunRecord>();
        foreach (var run in _underWay)
        {
            if (run is { IsLeaseTold: false, IsLeased: true })
            {
                (run.IsLeaseTold, run.Change) = (true, ++Change);
            }

            if (run.Change > change)
            {
                changed.Add(run);
            }
        }

        for (var at = _settled - 1; at >= _first && At(at).Change > change; at--)
        {
            changed.Add(At(at));
        }

        changed.Sort((one, other) => one.Change.CompareTo(other.Change));
        return changed;
    }

    private RunRecord At(long position) => _ring[position % options.Count]!;

    private void Settle(RunRecord run)
    {
        run.Change = ++Change;
        _settled++;
        if (run.Log is not { } log)
        {
            return;
        }

        if (options.LogBytes == 0 || (run.IsComplete && log.HeldBytes == 0))
        {
            run.ForgetLog();
            return;
        }

        // What has not settled may print more; what has not grown beyond its share is kept as it is.
        if (!run.IsComplete || log.HeldBytes > options.LogBytes)
        {
            log.Shorten(options.LogBytes);
        }

        run.LogBytes = log.HeldBytes;
        LogBytes += run.LogBytes;
        for (; LogBytes > options.LogMemory && _logged < _settled; _logged++)
        {
            Forget(At(_logged));
        }
    }

    private void Drop()
    {
        var run = At(_first);
        if (_settled == _first)
        {
            Settle(run);
        }

        Forget(run);
        _dropped = run.Change;
        _ring[_first++ % options.Count] = null;
        _logged = Math.Max(_logged, _first);
    }

    private void Forget(RunRecord run)
    {
        LogBytes -= run.LogBytes;
        run.LogBytes = 0;
        run.ForgetLog();
    }
}
