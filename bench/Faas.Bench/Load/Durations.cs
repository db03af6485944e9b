namespace Faas.Bench.Load;

/// <summary>
/// Durations and their percentiles. It keeps them all (one place of a report has some 10,000), so its percentiles are
/// exact. For one thread at a time.
/// </summary>
internal sealed class Durations
{
    private readonly List<TimeSpan> _all = [];
    private bool _isSorted;

    public int Count => _all.Count;

    /// <summary>The shortest; null when there is none.</summary>
    public TimeSpan? Least => Count == 0 ? null : _all.Min();

    /// <summary>The middle one, or the mean of the two in the middle. Throws <see cref="ArgumentException"/> when there is none.</summary>
    public static TimeSpan MedianOf(IEnumerable<TimeSpan> all)
    {
        var durations = new Durations();
        durations._all.AddRange(all);
        return durations.Percentile(0.5) ?? throw new ArgumentException("There is no median of nothing.", nameof(all));
    }

    public void Add(TimeSpan duration)
    {
        _all.Add(duration);
        _isSorted = false;
    }

    public void Add(Durations other)
    {
        _all.AddRange(other._all);
        _isSorted = false;
    }

    /// <summary>
    /// The duration that a share of all stays within, interpolated between two neighbours; null when there are too few for
    /// one to lie beyond it: p99.9 needs a thousand, p90 ten, the median one.
    /// </summary>
    /// <param name="share">0 to 1, exclusive: 0.5 is the median.</param>
    public TimeSpan? Percentile(double share)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(share, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(share, 1);
        if (Count == 0 || (share > 0.5 && Count * (1 - share) < 1 - 1e-9))
        {
            return null;
        }

        if (!_isSorted)
        {
            _all.Sort();
            _isSorted = true;
        }

        var rank = share * (Count - 1);
        var (low, high) = (_all[(int)rank], _all[Math.Min((int)rank + 1, Count - 1)]);
        return low + ((high - low) * (rank - (int)rank));
    }
}
