using System.Diagnostics.Metrics;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Reply;

namespace Faas.Actors.Telemetry;

/// <summary>
/// What the pool does, as it performs the scheduler's effects, and what it holds. The pool is asked for its levels when a listener
/// collects them, and pays nothing for them otherwise.
/// </summary>
public sealed class PoolMeters
{
    private static readonly TagOf<Warmth> s_starts = new(FaasMeter.Start);
    private static readonly TagOf<RefusalReason> s_reasons = new(FaasMeter.Reason);

    private readonly Counter<long> _leases;
    private readonly Histogram<double> _waits;
    private readonly Counter<long> _refusals;
    private Func<PoolLevels>? _levels;

    /// <summary>Makes the instruments.</summary>
    public PoolMeters(IMeterFactory factory)
    {
        var meter = FaasMeter.Of(factory);
        _leases = meter.CreateCounter<long>(
            "faas.pool.leases", "{lease}", "Runs and checks that got a sandbox, by where the sandbox came from.");
        _waits = meter.CreateDuration("faas.pool.queue.duration", "How long runs waited until they got a sandbox, by where it came from.");
        _refusals = meter.CreateCounter<long>("faas.pool.refusals", "{run}", "Runs that the pool refused, by reason.");
        Level(meter, "faas.pool.queue.length", "{run}", "Runs that wait for a sandbox.", levels => levels.Waiting);
        Level(meter, "faas.pool.queue.limit", "{run}", "The most runs that may wait: faas.pool.queue.", levels => levels.MostWaiting);
        Level(meter, "faas.pool.sandboxes.limit", "{sandbox}", "The most sandboxes: faas.pool.sandboxes.", levels => levels.MostSandboxes);
        Level(
            meter, "faas.pool.running.limit", "{sandbox}", "The most sandboxes that execute runs: faas.pool.running.",
            levels => levels.MostRunning);
        Level(
            meter, "faas.pool.memory.limit", FaasMeter.Bytes, "The most memory of sandboxes and mothers: faas.pool.memory.",
            levels => levels.MostBytes);
        Level(meter, "faas.pool.mothers", "{mother}", "Warm interpreters whose forks become sandboxes.", levels => levels.Mothers);
        meter.CreateObservableUpDownCounter("faas.pool.sandboxes", Sandboxes, "{sandbox}", "Living sandboxes, by state.");
        meter.CreateObservableUpDownCounter(
            "faas.pool.memory.usage", Memory, FaasMeter.Bytes, "Memory that is held, by whether sandboxes or mothers hold it.");
        meter.CreateObservableCounter(
            "faas.pool.evictions",
            () => _levels is { } levels ? [new Measurement<long>(levels().Evictions)] : Array.Empty<Measurement<long>>(),
            "{sandbox}",
            "Sandboxes that were closed because another one needed their place.");
    }

    /// <summary>Says how the pool's levels are read. The function may be called on any thread.</summary>
    public void Watch(Func<PoolLevels> levels) => _levels = levels;

    /// <summary>A run has got a sandbox.</summary>
    /// <param name="warmth">Where the sandbox came from.</param>
    /// <param name="waited">How long the run has waited for it.</param>
    public void Leased(Warmth warmth, TimeSpan waited)
    {
        _leases.Add(1, s_starts[warmth]);
        _waits.Record(waited.TotalSeconds, s_starts[warmth]);
    }

    /// <summary>A run was refused.</summary>
    public void Refused(RefusalReason why) => _refusals.Add(1, s_reasons[why]);

    private void Level(Meter meter, string name, string unit, string description, Func<PoolLevels, long> of) =>
        meter.CreateObservableUpDownCounter(
            name,
            () => _levels is { } levels ? [new Measurement<long>(of(levels()))] : Array.Empty<Measurement<long>>(),
            unit,
            description);

    private IEnumerable<Measurement<long>> Sandboxes() => _levels?.Invoke() is not { } levels ? [] :
    [
        new(levels.Starting, State("starting")),
        new(levels.Spare, State("spare")),
        new(levels.Busy, State("busy")),
        new(levels.Idle, State("idle")),
        new(levels.Closing, State("closing")),
    ];

    private IEnumerable<Measurement<long>> Memory() => _levels?.Invoke() is not { } levels ? [] :
    [
        new(levels.SandboxBytes, new KeyValuePair<string, object?>("faas.holder", "sandboxes")),
        new(levels.MotherBytes, new KeyValuePair<string, object?>("faas.holder", "mothers")),
    ];

    private static KeyValuePair<string, object?> State(string state) => new("faas.state", state);
}
