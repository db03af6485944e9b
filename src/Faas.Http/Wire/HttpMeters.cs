using System.Diagnostics.Metrics;
using Faas.Actors.Telemetry;

namespace Faas.Http.Wire;

/// <summary>What only this server counts of HTTP. The web server has meters of its own for requests and connections.</summary>
public sealed class HttpMeters
{
    private readonly Counter<long> _throttled;
    private readonly Counter<long> _streamed;
    private readonly Counter<long> _refusedConnections;

    /// <summary>Makes the instruments.</summary>
    public HttpMeters(IMeterFactory factory)
    {
        var meter = FaasMeter.Of(factory);
        _throttled = meter.CreateCounter<long>("faas.http.throttled", "{request}", "Requests that were answered 429, by reason.");
        _streamed = meter.CreateCounter<long>("faas.http.stream.sent", FaasMeter.Bytes, "Bytes of event streams.");
        _refusedConnections = meter.CreateCounter<long>(
            "faas.http.connections.refused", "{connection}", "Connections that were closed because faas.http.connections.max were open.");
    }

    /// <summary>A request was answered 429.</summary>
    /// <param name="reason">The problem's reason.</param>
    public void Throttled(string? reason) => _throttled.Add(1, new KeyValuePair<string, object?>(FaasMeter.Reason, reason));

    /// <summary>A part of an event stream is on its way.</summary>
    public void Streamed(long bytes) => _streamed.Add(bytes);

    /// <summary>A connection was closed, because as many as may be were open.</summary>
    public void RefusedConnection() => _refusedConnections.Add(1);
}
