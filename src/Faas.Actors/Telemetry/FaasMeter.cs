using System.Diagnostics.Metrics;

namespace Faas.Actors.Telemetry;

/// <summary>
/// The meter of this server. Its instruments cost a few nanoseconds each as long as no listener collects them. Tags are made once, not
/// for each measurement. docs/metrics.md explains every instrument.
/// </summary>
public static class FaasMeter
{
    /// <summary>The meter's name.</summary>
    public const string Name = "Faas";

    /// <summary>The attribute that says where a sandbox came from: <c>warm</c>, <c>spare</c> or <c>cold</c>.</summary>
    internal const string Start = "faas.start";

    /// <summary>The attribute that names a language host: <c>node</c> or <c>python</c>.</summary>
    internal const string Runtime = "faas.runtime";

    /// <summary>The attribute that says why something was refused.</summary>
    public const string Reason = "faas.reason";

    /// <summary>The attribute that names a failure; absent where there was none (OpenTelemetry's <c>error.type</c>).</summary>
    internal const string Error = "error.type";

    /// <summary>The attribute that names a script (OpenTelemetry's <c>faas.name</c>).</summary>
    internal const string Script = "faas.name";

    /// <summary>Seconds, the unit of durations.</summary>
    internal const string Seconds = "s";

    /// <summary>Bytes.</summary>
    public const string Bytes = "By";

    private static readonly InstrumentAdvice<double> s_durations = new()
    {
        HistogramBucketBoundaries = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    };

    /// <summary>This server's meter of a factory.</summary>
    public static Meter Of(IMeterFactory factory) => factory.Create(Name);

    /// <summary>A histogram of durations from half a millisecond to a minute.</summary>
    internal static Histogram<double> CreateDuration(this Meter meter, string name, string description) =>
        meter.CreateHistogram(name, Seconds, description, tags: null, s_durations);
}
