using System.Diagnostics.Metrics;
using Faas.Actors.Telemetry;

namespace Faas.Actors.Egress;

/// <summary>How many connections sandboxes make, what becomes of them, and what goes through them.</summary>
public sealed class EgressMeters
{
    private const string Connection = "{connection}";

    private static readonly TagOf<EgressVerdict> s_verdicts = new("faas.verdict");
    private static readonly KeyValuePair<string, object?> s_up = new("network.io.direction", "transmit");
    private static readonly KeyValuePair<string, object?> s_down = new("network.io.direction", "receive");

    private readonly Counter<long> _connections;
    private readonly UpDownCounter<long> _open;
    private readonly Counter<long> _bytes;

    /// <summary>Makes the instruments.</summary>
    public EgressMeters(IMeterFactory factory)
    {
        var meter = FaasMeter.Of(factory);
        _connections = meter.CreateCounter<long>(
            "faas.egress.connections", Connection, "Connections of sandboxes to hosts that have ended, by what became of them.");
        _open = meter.CreateUpDownCounter<long>("faas.egress.connections.open", Connection, "Connections of sandboxes that are open.");
        _bytes = meter.CreateCounter<long>("faas.egress.io", FaasMeter.Bytes, "Bytes between sandboxes and hosts, by direction.");
    }

    /// <summary>A sandbox has made a connection.</summary>
    public void Opened() => _open.Add(1);

    /// <summary>A connection has ended.</summary>
    public void Ended(EgressVerdict verdict, long up, long down)
    {
        _open.Add(-1);
        _connections.Add(1, s_verdicts[verdict]);
        _bytes.Add(up, s_up);
        _bytes.Add(down, s_down);
    }
}
