using System.Numerics;

namespace Faas.Bench.Load;

/// <summary>
/// Durations, counted in buckets whose width grows with the value, as HdrHistogram does: 256 of them for each power of
/// two, so that a value read back is at most 0.4 % off, from nanoseconds to hours, in a fixed 115 kB. One writer; copies are merged.
/// </summary>
internal sealed class Histogram
{
    private const int SubBits = 8;
    private const int SubCount = 1 << SubBits;
    private readonly long[] _counts = new long[(64 - SubBits) * SubCount];

    /// <summary>How many durations were recorded.</summary>
    public long Count { get; private set; }

    /// <summary>The longest, exact.</summary>
    public TimeSpan Max { get; private set; }

    /// <summary>Adds a duration; a negative one counts as none.</summary>
    public void Record(TimeSpan duration)
    {
        _counts[BucketOf(Math.Max(0, duration.Ticks * TimeSpan.NanosecondsPerTick))]++;
        Count++;
        Max = duration > Max ? duration : Max;
    }

    /// <summary>Adds all that another has.</summary>
    public void Add(Histogram other)
    {
        for (var bucket = 0; bucket < _counts.Length; bucket++)
        {
            _counts[bucket] += other._counts[bucket];
        }

        Count += other.Count;
        Max = other.Max > Max ? other.Max : Max;
    }

    /// <summary>
    /// The duration that a share of all stays within; null when so few were recorded that the answer would rest on
    /// none of them: p99.9 needs a thousand, p90 ten, the median one.
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

        var rank = Math.Max(1, (long)Math.Ceiling(Count * share - 1e-9));
        for (var bucket = 0; ; bucket++)
        {
            rank -= _counts[bucket];
            if (rank <= 0)
            {
                var duration = TimeSpan.FromTicks(MiddleOf(bucket) / TimeSpan.NanosecondsPerTick);
                return duration < Max ? duration : Max;
            }
        }
    }

    private static int BucketOf(long nanoseconds)
    {
        var octave = Math.Max(0, 63 - SubBits - BitOperations.LeadingZeroCount((ulong)nanoseconds));
        return (octave * SubCount) + (int)(nanoseconds >> octave);
    }

    private static long MiddleOf(int bucket)
    {
        var octave = Math.Max(0, (bucket / SubCount) - 1);
        var low = (long)(bucket - (octave * SubCount)) << octave;
        return low + ((1L << octave) / 2);
    }
}
