using System.Diagnostics.Metrics;
using Faas.Actors.Telemetry;

namespace Faas.Actors.Tests.Telemetry;

/// <summary>
/// A meter factory, and everything that its instruments measure, such as the values of <c>faas.pool.leases{faas.start=warm}</c>.
/// </summary>
public sealed class Measured : IMeterFactory
{
    private readonly MeterListener _listener = new();
    private readonly Meter _meter;
    private readonly Dictionary<string, List<double>> _values = [];

    public Measured()
    {
        _meter = new Meter(FaasMeter.Name, null, null, this);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter == _meter)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>What was measured under a name with its tags.</summary>
    public IReadOnlyList<double> this[string series]
    {
        get
        {
            lock (_values)
            {
                return [.. _values.GetValueOrDefault(series) ?? []];
            }
        }
    }

    /// <summary>Every series that has a value.</summary>
    public IReadOnlyList<string> Series
    {
        get
        {
            lock (_values)
            {
                return [.. _values.Keys.Order(StringComparer.Ordinal)];
            }
        }
    }

    public Meter Create(MeterOptions options) => _meter;

    /// <summary>Asks the instruments that tell what is.</summary>
    public void Collect() => _listener.RecordObservableInstruments();

    public void Dispose()
    {
        _listener.Dispose();
        _meter.Dispose();
    }

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var series = instrument.Name;
        if (tags.Length > 0)
        {
            series += $"{{{string.Join(',', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))}}}";
        }

        lock (_values)
        {
            (_values.TryGetValue(series, out var values) ? values : _values[series] = []).Add(value);
        }
    }
}
