using Faas.Actors.Json;

namespace Faas.Actors.Runs.Recent;

/// <summary>The runs of one script that have ended, minute by minute, the oldest minute first.</summary>
public sealed class ActivitySeries
{
    /// <summary>The one reason that is no failure.</summary>
    public static readonly string Ok = Reason.Ok.ToWire();

    private readonly int[] _runs;
    private readonly double[] _p50;
    private readonly double[] _p95;
    private readonly SortedDictionary<string, int[]> _failures = new(StringComparer.Ordinal);
    private readonly LatencyHistogram _all = new();

    /// <summary>Makes it of the counts.</summary>
    /// <param name="path">The script, or <see cref="Run.RunNowQueue"/>.</param>
    /// <param name="buckets">Each minute; null: no run has ended in it.</param>
    public ActivitySeries(string path, IReadOnlyList<ActivityBucket?> buckets)
    {
        (Path, _runs, _p50, _p95) = (path, new int[buckets.Count], new double[buckets.Count], new double[buckets.Count]);
        for (var i = 0; i < buckets.Count; i++)
        {
            if (buckets[i] is { } bucket)
            {
                Add(i, bucket);
            }
        }
    }

    /// <summary>The script.</summary>
    public string Path { get; }

    /// <summary>How many have ended, in all minutes together.</summary>
    public long Runs { get; private set; }

    /// <summary>How many of them not well.</summary>
    public long Failed { get; private set; }

    /// <summary>How many have ended in each minute.</summary>
    public IReadOnlyList<int> RunsByMinute => _runs;

    /// <summary>Seconds within which half of those that had a sandbox were over; 0: there were none.</summary>
    public IReadOnlyList<double> P50ByMinute => _p50;

    /// <summary>Seconds within which 95 of 100 of those that had a sandbox were over; 0: there were none.</summary>
    public IReadOnlyList<double> P95ByMinute => _p95;

    /// <summary>How many have failed in each minute, by reason; reasons that did not occur are left out.</summary>
    public IReadOnlyDictionary<string, int[]> FailuresByMinute => _failures;

    /// <summary>As <see cref="P50ByMinute"/>, of all minutes together.</summary>
    public double P50 => _all.Percentile(0.5);

    /// <summary>As <see cref="P95ByMinute"/>, of all minutes together.</summary>
    public double P95 => _all.Percentile(0.95);

    private void Add(int index, ActivityBucket bucket)
    {
        (_runs[index], Runs) = (bucket.Runs, Runs + bucket.Runs);
        if (bucket.Latency is { } latency)
        {
            (_p50[index], _p95[index]) = (latency.Percentile(0.5), latency.Percentile(0.95));
            _all.Add(latency);
        }

        foreach (var (reason, count) in bucket.Failures)
        {
            if (!_failures.TryGetValue(reason, out var series))
            {
                _failures.Add(reason, series = new int[_runs.Length]);
            }

            (series[index], Failed) = (count, Failed + count);
        }
    }
}
