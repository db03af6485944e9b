using System.Diagnostics.Metrics;

namespace Faas.Actors.Telemetry;

/// <summary>What becomes of the instants of schedules that this server passes.</summary>
public sealed class ScheduleMeters
{
    private const string Outcome = "faas.outcome";
    private static readonly KeyValuePair<string, object?> s_fired = new(Outcome, "fired");
    private static readonly KeyValuePair<string, object?> s_skipped = new(Outcome, "skipped");
    private static readonly KeyValuePair<string, object?> s_missed = new(Outcome, "missed");
    private static readonly KeyValuePair<string, object?> s_failed = new(Outcome, "failed");
    private readonly Counter<long> _instants;

    /// <summary>Makes the instruments.</summary>
    public ScheduleMeters(IMeterFactory factory) => _instants = FaasMeter.Of(factory).CreateCounter<long>(
        "faas.schedules.instants", "{instant}", "Instants of schedules that have come, by what became of them.");

    /// <summary>An instant has made a run.</summary>
    public void Fired() => _instants.Add(1, s_fired);

    /// <summary>An instant made none, because the last run had not ended.</summary>
    public void Skipped() => _instants.Add(1, s_skipped);

    /// <summary>An instant could make none.</summary>
    public void Failed() => _instants.Add(1, s_failed);

    /// <summary>Instants were passed over, because no server was up when they came.</summary>
    public void Missed(int instants)
    {
        if (instants > 0)
        {
            _instants.Add(instants, s_missed);
        }
    }
}
