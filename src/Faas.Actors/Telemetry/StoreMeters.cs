using System.Diagnostics;
using System.Diagnostics.Metrics;
using Faas.Actors.Scripts;

namespace Faas.Actors.Telemetry;

/// <summary>How long calls of the store take, and how they fail.</summary>
public sealed class StoreMeters
{
    private static readonly KeyValuePair<string, object?> s_redis = new("db.system.name", "redis");

    private readonly Meter _meter;
    private readonly Histogram<double> _calls;

    /// <summary>Makes the instruments.</summary>
    public StoreMeters(IMeterFactory factory)
    {
        _meter = FaasMeter.Of(factory);
        _calls = _meter.CreateDuration(
            "db.client.operation.duration", "How long calls of the store took; with error.type for those that failed.");
    }

    /// <summary>Shows how much the store holds.</summary>
    /// <param name="size">Says it; null: it is not known.</param>
    public void Watch(Func<StoreSize?> size)
    {
        _meter.CreateObservableGauge(
            "faas.store.memory.usage", () => Of(size()?.MemoryBytes), FaasMeter.Bytes, "Memory of the whole Redis server.");
        _meter.CreateObservableGauge("faas.store.scripts", () => Of(size()?.Scripts), "{script}", "Scripts in the store.");
    }

    private static IEnumerable<Measurement<long>> Of(long? value) => value is { } known ? [new Measurement<long>(known)] : [];

    /// <summary>The store has answered a call.</summary>
    /// <param name="begun">The time stamp of its begin (<see cref="Stopwatch"/>).</param>
    public void Answered(long begun) => _calls.Record(Stopwatch.GetElapsedTime(begun).TotalSeconds, s_redis);

    /// <summary>A call of the store has failed.</summary>
    /// <param name="begun">The time stamp of its begin (<see cref="Stopwatch"/>).</param>
    /// <param name="failure">Why.</param>
    public void Failed(long begun, Exception failure) => _calls.Record(
        Stopwatch.GetElapsedTime(begun).TotalSeconds,
        s_redis,
        new KeyValuePair<string, object?>(FaasMeter.Error, failure.GetType().FullName));
}
