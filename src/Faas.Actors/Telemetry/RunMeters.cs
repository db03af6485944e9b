using System.Diagnostics.Metrics;
using Faas.Actors.Runs;

namespace Faas.Actors.Telemetry;

/// <summary>How runs end and how long they take, by reason, start and script. Checks are no runs of a script and are left out.</summary>
public sealed class RunMeters
{
    private static readonly TagOf<Warmth> s_starts = new(FaasMeter.Start);
    private static readonly TagOf<Reason> s_errors = new(FaasMeter.Error);

    private readonly ScriptNames _names;
    private readonly Counter<long> _successes;
    private readonly Counter<long> _timeouts;
    private readonly Counter<long> _errors;
    private readonly Histogram<double> _durations;

    /// <summary>Makes the instruments.</summary>
    public RunMeters(IMeterFactory factory, ScriptNames names)
    {
        var meter = FaasMeter.Of(factory);
        _names = names;
        _successes = meter.CreateCounter<long>("faas.invocations", "{invocation}", "Runs that ended well, by script.");
        _timeouts = meter.CreateCounter<long>("faas.timeouts", "{timeout}", "Runs that took longer than they may, by script.");
        _errors = meter.CreateCounter<long>("faas.errors", "{error}", "Runs that ended in another way, by script and reason.");
        _durations = meter.CreateDuration(
            "faas.invoke_duration", "How long runs took, without the wait for a sandbox, by where it came from and, for failures, reason.");
    }

    /// <summary>A run has its outcome. Call this once for each run that the pool did not refuse.</summary>
    public void Ended(Run run, Outcome outcome)
    {
        if (run.Mode != RunMode.Execute)
        {
            return;
        }

        var script = _names.TagOf(run.Queue);
        switch (outcome.Reason)
        {
            case Reason.Ok:
                _successes.Add(1, script);
                break;
            case Reason.Timeout:
                _timeouts.Add(1, script);
                break;
            default:
                _errors.Add(1, script, s_errors[outcome.Reason]);
                break;
        }

        Took(outcome);
    }

    private void Took(Outcome outcome)
    {
        if (outcome is not { Warmth: { } warmth, Usage.Elapsed: { Ticks: > 0 } elapsed })
        {
            return; // it never had a sandbox
        }

        if (outcome.Reason == Reason.Ok)
        {
            _durations.Record(elapsed.TotalSeconds, s_starts[warmth]);
        }
        else
        {
            _durations.Record(elapsed.TotalSeconds, s_starts[warmth], s_errors[outcome.Reason]);
        }
    }
}
