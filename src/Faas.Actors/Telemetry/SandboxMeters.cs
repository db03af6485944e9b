using System.Diagnostics.Metrics;
using Faas.Actors.Runs;
using Faas.Actors.Scripts;

namespace Faas.Actors.Telemetry;

/// <summary>
/// How long sandboxes take to start, and what their runs cost. The sandboxes' actors measure as they perform their effects.
/// </summary>
public sealed class SandboxMeters
{
    private const long Mebibyte = 1 << 20;

    private static readonly TagOf<Runtime> s_runtimes = new(FaasMeter.Runtime);
    private static readonly KeyValuePair<string, object?> s_failed = new(FaasMeter.Error, "start");
    private static readonly InstrumentAdvice<long> s_sizes = new()
    {
        HistogramBucketBoundaries = [.. new long[] { 8, 16, 32, 64, 128, 256, 512, 1024, 4096 }.Select(size => size * Mebibyte)],
    };

    private readonly ScriptNames _names;
    private readonly Histogram<double> _starts;
    private readonly Histogram<double> _cpu;
    private readonly Histogram<long> _memory;

    /// <summary>Makes the instruments.</summary>
    public SandboxMeters(IMeterFactory factory, ScriptNames names)
    {
        var meter = FaasMeter.Of(factory);
        _names = names;
        _starts = meter.CreateDuration(
            "faas.init_duration", "How long sandboxes took to start, by runtime; with error.type for starts that failed.");
        _cpu = meter.CreateDuration("faas.cpu_usage", "Processor time of each run, by script.");
        _memory = meter.CreateHistogram(
            "faas.mem_usage", FaasMeter.Bytes, "The largest resident set among the processes of each run, by script.", null, s_sizes);
    }

    /// <summary>A sandbox is ready, this long after its start began.</summary>
    public void Started(ImageKey image, TimeSpan took) => _starts.Record(took.TotalSeconds, s_runtimes[image.Runtime]);

    /// <summary>A sandbox will not become ready.</summary>
    public void StartFailed(ImageKey image, TimeSpan took) => _starts.Record(took.TotalSeconds, s_runtimes[image.Runtime], s_failed);

    /// <summary>What a run has cost. A cost that was not measured (of one of several runs in a process, mostly) is left out.</summary>
    public void Cost(Run run, Usage usage)
    {
        if (usage.MaxRssBytes > 0 && run.Mode == RunMode.Execute)
        {
            var script = _names.TagOf(run.Queue);
            _cpu.Record(usage.Cpu.TotalSeconds, script);
            _memory.Record(usage.MaxRssBytes, script);
        }
    }
}
