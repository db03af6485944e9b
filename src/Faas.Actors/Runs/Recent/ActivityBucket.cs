using System.Collections.Immutable;

namespace Faas.Actors.Runs.Recent;

/// <summary>
/// The runs of one script that have ended in one minute. One thread counts at a time; others may read the counts meanwhile.
/// </summary>
/// <param name="minute">The minute, since any fixed time.</param>
public sealed class ActivityBucket(long minute)
{
    /// <summary>The minute.</summary>
    public long Minute => minute;

    /// <summary>How many have ended.</summary>
    public int Runs { get; private set; }

    /// <summary>How long those took that had a sandbox; null: none had.</summary>
    public LatencyHistogram? Latency { get; private set; }

    /// <summary>How many did not end well, by reason.</summary>
    public ImmutableDictionary<string, int> Failures { get; private set; } = ImmutableDictionary<string, int>.Empty;

    /// <summary>A run has ended.</summary>
    /// <param name="reason">How, by a wire name.</param>
    /// <param name="took">How long its caller waited for that; null: it never had a sandbox.</param>
    public void Count(string reason, TimeSpan? took)
    {
        Runs++;
        if (took is { } time)
        {
            (Latency ??= new LatencyHistogram()).Add(time);
        }

        if (reason != ActivitySeries.Ok)
        {
            Failures = Failures.SetItem(reason, Failures.GetValueOrDefault(reason) + 1);
        }
    }
}
