using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Faas.Actors.Telemetry;

/// <summary>How long calls of the store take, and how they fail.</summary>
public sealed class StoreMeters
{
    private static readonly KeyValuePair<string, object?> s_redis = new("db.system.name", "redis");

    private readonly Histogram<double> _calls;

    /// <summary>Makes the instruments.</summary>
    public StoreMeters(IMeterFactory factory) => _calls = FaasMeter.Of(factory).CreateDuration(
        "db.client.operation.duration", "How long calls of the store took; with error.type for those that failed.");

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
