using System.Diagnostics;
using Faas.Actors.Json;

namespace Faas.Actors.Runs;

/// <summary>
/// The spans of one run, where a listener of <see cref="SourceName"/> records its trace.
/// <para>
/// Theory of operation. The span <c>run</c> begins when the run is submitted; a script's own spans are its children. Pool and sandbox note
/// times here while the run goes on, and the spans within it are made of these at its end: <c>queue</c> (until the run has a sandbox),
/// <c>start sandbox</c> (where one was started for it), <c>execute</c>, and <c>stream</c> (its output, to the client). Without a
/// listener there is no instance, and a run pays for one look at a field.
/// </para>
/// </summary>
public sealed class RunTrace : IDisposable
{
    /// <summary>The name of the source of all spans.</summary>
    public const string SourceName = "Faas";

    private static readonly ActivitySource s_source = new(SourceName);

    private readonly Activity _run;
    private DateTime? _leased;
    private DateTime? _startBegan;
    private DateTime? _startEnded;
    private DateTime? _streamBegan;

    private RunTrace(Activity run) => _run = run;

    /// <summary>Whether any listener records spans.</summary>
    public static bool IsOn => s_source.HasListeners();

    /// <summary>What a script needs to put its own spans into the trace (W3C Trace Context).</summary>
    public string TraceParent => _run.Id!;

    /// <summary>Begins the span of a run, below the present one; null: it is not recorded.</summary>
    public static RunTrace? Begin(Run run)
    {
        if (!s_source.HasListeners() || s_source.StartActivity("run") is not { } activity)
        {
            return null;
        }

        activity.DisplayName = run.Mode == RunMode.Check ? $"check {run.Queue}" : $"run {run.Queue}";
        activity.SetTag("faas.name", run.Queue);
        activity.SetTag("faas.version", run.Version?.ToString(null, null));
        activity.SetTag("faas.invocation_id", run.RunId);
        activity.SetTag("faas.runtime", run.Code.Runtime.ToWire());
        return new RunTrace(activity);
    }

    /// <summary>It has a sandbox.</summary>
    public void Leased(Warmth warmth)
    {
        _leased = DateTime.UtcNow;
        _run.SetTag("faas.start", warmth.ToWire());
        _run.SetTag("faas.coldstart", warmth == Warmth.Cold);
    }

    /// <summary>Its sandbox was started for it, between these moments.</summary>
    public void Started(DateTime began, DateTime ended) => (_startBegan, _startEnded) = (began, ended);

    /// <summary>Its output begins to go to the client.</summary>
    public void Streams() => _streamBegan = DateTime.UtcNow;

    /// <summary>It did not end well, or was refused.</summary>
    /// <param name="why">A <see cref="Reason"/> or a reason for a refusal.</param>
    public void Failed<T>(T why)
        where T : struct, Enum
    {
        _run.SetTag("error.type", why.ToWire());
        _run.SetStatus(ActivityStatusCode.Error);
        Ended();
    }

    /// <summary>It has its outcome. Call this or <see cref="Failed"/>, once.</summary>
    public void Ended()
    {
        var now = DateTime.UtcNow;
        Span("queue", _run.StartTimeUtc, _leased ?? now);
        Span("start sandbox", _startBegan, _startEnded);
        Span("execute", _leased, now);
        Span("stream", _streamBegan, now);
    }

    /// <summary>The span ends now.</summary>
    public void Dispose() => _run.Dispose();

    private void Span(string name, DateTime? began, DateTime? ended)
    {
        if (began is { } from && ended is { } to)
        {
            using var span = s_source.StartActivity(name, ActivityKind.Internal, _run.Context, startTime: from);
            span?.SetEndTime(to);
        }
    }
}
