namespace Faas.Actors.Runs.Recent;

/// <summary>
/// How long runs took, in classes of which each is a fifth wider than the one before, so that a percentile is right to a tenth of itself.
/// From 64 microseconds to 15 hours; what is shorter or longer is counted in the first or the last class. Some 500 bytes.
/// One thread counts at a time; others may read meanwhile.
/// </summary>
public sealed class LatencyHistogram
{
    /// <summary>How many times wider each class is than the one before.</summary>
    public const double Growth = 1.2;

    private const double Least = 64e-6;
    private const int Classes = 114;

    private static readonly double s_log = Math.Log(Growth);

    private readonly int[] _counts = new int[Classes];
    private int _count;

    /// <summary>Counts one.</summary>
    public void Add(TimeSpan took)
    {
        _counts[ClassOf(took.TotalSeconds)]++;
        _count++;
    }

    /// <summary>Counts what another one has counted.</summary>
    public void Add(LatencyHistogram other)
    {
        for (var i = 0; i < Classes; i++)
        {
            _counts[i] += other._counts[i];
        }

        _count += other._count;
    }

    /// <summary>
    /// The time within which this share of the runs, from 0 to 1, was over: the middle of its class, in seconds; 0: none was counted.
    /// </summary>
    public double Percentile(double share)
    {
        var wanted = Math.Max(1, (long)Math.Ceiling(share * _count));
        var (seen, last) = (0L, -1);
        for (var i = 0; i < Classes && seen < wanted; i++)
        {
            (seen, last) = (seen + _counts[i], _counts[i] > 0 ? i : last);
        }

        return last < 0 ? 0 : Least * Math.Pow(Growth, last - 0.5);
    }

    private static int ClassOf(double seconds) =>
        seconds <= Least ? 0 : Math.Min(Classes - 1, (int)Math.Ceiling(Math.Log(seconds / Least) / s_log));
}
