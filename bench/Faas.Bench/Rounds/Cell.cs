using Faas.Bench.Load;
using Faas.Bench.Workloads;

namespace Faas.Bench.Rounds;

/// <summary>All that was measured of one way, one function and one number of callers.</summary>
/// <param name="way">The way's name.</param>
/// <param name="workload">The function.</param>
/// <param name="callers">Callers at once.</param>
/// <param name="present">How many of them there really were; null: all.</param>
internal sealed class Cell(string way, Workload workload, int callers, int? present = null)
{
    private readonly List<double> _perSecond = [];
    private TimeSpan _elapsed;
    private TimeSpan _cpu;
    private long _calls;

    public string Way => way;
    public Workload Workload => workload;
    public int Callers => callers;

    /// <summary>How many there really were; in a short run slow ways have fewer.</summary>
    public int Present => present ?? callers;

    /// <summary>Latencies of the closed loop: from a call's start.</summary>
    public Durations Closed { get; } = new();

    /// <summary>Latencies of the open loop: from when a call was due.</summary>
    public Durations Open { get; } = new();

    /// <summary>Calls a second in the open loop; 0: there was none.</summary>
    public double OpenRate { get; set; }

    /// <summary>The largest memory seen.</summary>
    public long PeakBytes { get; set; }

    /// <summary>Calls that failed, in all slices.</summary>
    public long Errors { get; private set; }
    public string? FirstError { get; private set; }

    /// <summary>Right answers a second of the closed loop, over all its rounds.</summary>
    public double PerSecond => _elapsed == TimeSpan.Zero ? 0 : Closed.Count / _elapsed.TotalSeconds;

    /// <summary>Millions of bytes that a printing function's calls have printed in a second of the closed loop.</summary>
    public double MegabytesPerSecond => workload.Printed!.Bytes * PerSecond / 1e6;
    public double LinesPerSecond => workload.Printed!.Lines * PerSecond;

    /// <summary>How many rounds of the closed loop there were.</summary>
    public int Rounds => _perSecond.Count;

    /// <summary>Right answers a second in the worst and in the best of them.</summary>
    public (double Low, double High) Spread => _perSecond.Count == 0 ? (0, 0) : (_perSecond.Min(), _perSecond.Max());

    /// <summary>Processor time of a call in the closed loop.</summary>
    public TimeSpan CpuPerCall => _calls == 0 ? TimeSpan.Zero : _cpu / _calls;

    /// <summary>Adds one turn of the closed loop.</summary>
    /// <param name="slice">What it came to.</param>
    /// <param name="cpu">The processor time that it took.</param>
    public void AddClosed(Slice slice, TimeSpan cpu)
    {
        Closed.Add(slice.Latency);
        _perSecond.Add(slice.PerSecond);
        _elapsed += slice.Elapsed;
        _cpu += cpu;
        _calls += slice.Latency.Count + slice.Errors;
        AddErrors(slice);
    }

    public void AddOpen(Slice slice)
    {
        Open.Add(slice.Latency);
        AddErrors(slice);
    }

    /// <summary>Adds what failed while nothing was counted.</summary>
    public void AddErrors(Slice slice)
    {
        Errors += slice.Errors;
        FirstError ??= slice.FirstError;
    }
}
