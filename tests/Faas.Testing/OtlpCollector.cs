using System.Globalization;
using System.Net;

namespace Faas.Testing;

/// <summary>
/// A collector of OpenTelemetry on a port of its own: takes OTLP over HTTP as protobuf, and keeps the spans and the log records.
/// Source of the field numbers: trace.proto, logs.proto and common.proto of opentelemetry-proto 1.x.
/// </summary>
public sealed class OtlpCollector : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Lock _gate = new();
    private readonly List<OtlpSpan> _spans = [];
    private readonly List<OtlpRecord> _records = [];
    private readonly HashSet<string> _metrics = [];

    private OtlpCollector(int port)
    {
        Endpoint = new Uri($"http://127.0.0.1:{port}");
        _listener.Prefixes.Add($"{Endpoint}");
        _listener.Start();
        _ = ServeAsync();
    }

    /// <summary>What <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> must be.</summary>
    public Uri Endpoint { get; }

    /// <summary>The environment of a server that sends everything here, soon.</summary>
    public (string Name, string Value)[] Environment =>
    [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", $"{Endpoint}"), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
        ("OTEL_BSP_SCHEDULE_DELAY", "100"), ("OTEL_BLRP_SCHEDULE_DELAY", "100"), ("OTEL_METRIC_EXPORT_INTERVAL", "200"),
    ];

    /// <summary>The spans that have come.</summary>
    public IReadOnlyList<OtlpSpan> Spans => Copy(_spans);

    /// <summary>The log records that have come.</summary>
    public IReadOnlyList<OtlpRecord> Records => Copy(_records);

    /// <summary>The names of the metrics that have come.</summary>
    public IReadOnlyList<string> Metrics => Copy(_metrics);

    /// <summary>Starts one.</summary>
    public static OtlpCollector Start() => new(FreePort.Find());

    /// <inheritdoc/>
    public void Dispose() => _listener.Close();

    private IReadOnlyList<T> Copy<T>(IEnumerable<T> kept)
    {
        lock (_gate)
        {
            return [.. kept];
        }
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext call;
            try
            {
                call = await _listener.GetContextAsync();
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using var body = new MemoryStream();
            await call.Request.InputStream.CopyToAsync(body);
            Take(call.Request.Url!.AbsolutePath, new ProtobufFields(body.ToArray()));
            call.Response.ContentType = "application/x-protobuf";
            call.Response.Close();
        }
    }

    // Each kind of message is a list of resources (1) with scopes (2) with entries (2).
    private void Take(string path, ProtobufFields message)
    {
        foreach (var entry in message.All(1).SelectMany(resource => resource.All(2)).SelectMany(scope => scope.All(2)))
        {
            lock (_gate)
            {
                switch (path)
                {
                    case "/v1/traces":
                        _spans.Add(new OtlpSpan(
                            entry.Hex(1),
                            entry.Hex(2),
                            entry.Hex(4),
                            entry.Text(5),
                            entry.Number(7),
                            entry.Number(8),
                            Attributes(entry, 9)));
                        break;
                    case "/v1/logs":
                        _records.Add(new OtlpRecord(entry.Message(5).Text(1), entry.Hex(9), Attributes(entry, 6)));
                        break;
                    case "/v1/metrics":
                        _metrics.Add(entry.Text(1));
                        break;
                }
            }
        }
    }

    private static Dictionary<string, string> Attributes(ProtobufFields entry, int field) =>
        entry.All(field).ToDictionary(pair => pair.Text(1), pair => ValueOf(pair.Message(2)));

    // AnyValue: string 1, bool 2, int 3, double 4.
    private static string ValueOf(ProtobufFields any) =>
        any.Has(1) ? any.Text(1)
        : any.Has(2) ? (any.Number(2) != 0 ? "true" : "false")
        : any.Has(4) ? BitConverter.UInt64BitsToDouble(any.Number(4)).ToString(CultureInfo.InvariantCulture)
        : any.Number(3).ToString(CultureInfo.InvariantCulture);
}

/// <summary>One span.</summary>
public sealed record OtlpSpan(
    string TraceId, string SpanId, string ParentId, string Name, ulong Start, ulong End, IReadOnlyDictionary<string, string> Attributes);

/// <summary>One log record.</summary>
public sealed record OtlpRecord(string Body, string TraceId, IReadOnlyDictionary<string, string> Attributes);
