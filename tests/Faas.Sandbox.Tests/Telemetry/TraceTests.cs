using System.Net.Http.Json;

namespace Faas.Sandbox.Tests.Telemetry;

/// <summary>The trace of a call, from its caller through the server into the script, and to a collector.</summary>
public sealed class TraceTests
{
    private const string TraceId = "0af7651916cd43dd8448eb211c80319c";
    private const string Parent = $"00-{TraceId}-b7ad6b7169203331-01";
    private const string InPython = "import os\nreturn os.environ.get('TRACEPARENT')";
    private const string InNode = "exports.handler = (event, context) => [context.traceparent ?? null, process.env.TRACEPARENT ?? null];";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_call_is_one_trace_from_the_caller_into_the_script()
    {
        using var collector = OtlpCollector.Start();
        await using var server = await FaasServer.StartAsync(
            "faas.pool.spares { node = 0, python = 0, max = 0 }", null, collector.Environment);
        await server.UploadAsync("traced", "python", $"print('secret output')\n{InPython}");

        var seen = (await CallAsync(server, "/run/traced", new { stream = true }, Parent)).Split('"').Single(IsOfTrace);
        await Eventually.HoldsAsync(
            () => collector.Spans.Any(span => span is { TraceId: TraceId, Name: "POST /run/{**path}" }),
            s_patience,
            () => string.Join('\n', collector.Spans));

        var spans = collector.Spans.Where(span => span.TraceId == TraceId).ToDictionary(span => span.Name);
        var (request, run) = (spans["POST /run/{**path}"], spans["run traced"]);
        Assert.Equal(("b7ad6b7169203331", request.SpanId), (request.ParentId, run.ParentId));
        Assert.Equal($"00-{TraceId}-{run.SpanId}-01", seen);
        Assert.Equal(
            ["execute", "queue", "stream"],
            spans.Values.Where(span => span.ParentId == run.SpanId).Select(span => span.Name).Order());
        Assert.True(spans["queue"].End <= spans["execute"].Start);
        Assert.All(spans.Values.Where(span => span.ParentId == run.SpanId), span => Assert.InRange(span.Start, run.Start, run.End));
        Assert.Equal(
            ("traced", "warm", "false"), (run.Attributes["faas.name"], run.Attributes["faas.start"], run.Attributes["faas.coldstart"]));
        Assert.Equal(("POST", "200"), (request.Attributes["http.request.method"], request.Attributes["http.response.status_code"]));
        await server.EndAsync();
    }

    [Fact]
    public async Task A_cold_start_and_a_failure_are_seen_and_what_asks_for_the_server_itself_is_not()
    {
        using var collector = OtlpCollector.Start();
        await using var server = await FaasServer.StartAsync(
            "faas.pool.spares { node = 0, python = 0, max = 0 }", null, collector.Environment);
        using var health = await server.Client.GetAsync(new Uri("/healthz", UriKind.Relative));
        await CallAsync(server, "/run-now", new { language = "python", code = "raise ValueError('secret text')" }, Parent);
        await Eventually.HoldsAsync(
            () => collector.Spans.Any(span => span.Name == "POST /run-now"), s_patience, () => string.Join('\n', collector.Spans));

        var run = collector.Spans.Single(span => span.Name == "run /run-now");
        Assert.Equal(("error", "cold"), (run.Attributes["error.type"], run.Attributes["faas.start"]));
        var start = collector.Spans.Single(span => span.Name == "start sandbox");
        Assert.Equal(run.SpanId, start.ParentId);
        Assert.True(start.Start < start.End);
        Assert.DoesNotContain(collector.Spans, span => span.Name.Contains("healthz", StringComparison.Ordinal));
        Assert.DoesNotContain(
            "secret", string.Join(' ', collector.Spans.SelectMany(span => span.Attributes.Values)), StringComparison.Ordinal);
        await server.EndAsync();
    }

    [Fact]
    public async Task Without_a_collector_the_callers_trace_reaches_the_script_as_it_is()
    {
        await using var server = await FaasServer.StartAsync();
        await server.UploadAsync("python", "python", InPython);
        await server.UploadAsync("node", "javascript", InNode);
        foreach (var parent in new[] { Parent, null, "nonsense", Parent[..54], Parent })
        {
            var expected = parent == Parent ? $"\"{Parent}\"" : "null";
            Assert.StartsWith($"{{\"data\":{expected},", await CallAsync(server, "/run/python", new { }, parent), StringComparison.Ordinal);
            Assert.StartsWith(
                $"{{\"data\":[{expected},{expected}],", await CallAsync(server, "/run/node", new { }, parent), StringComparison.Ordinal);
            Assert.StartsWith(
                $"{{\"data\":{expected},",
                await CallAsync(server, "/run-now", new { language = "python", code = InPython }, parent),
                StringComparison.Ordinal);
        }

        await server.EndAsync();
    }

    [Fact]
    public async Task The_log_and_the_metrics_reach_the_collector_without_what_scripts_print()
    {
        using var collector = OtlpCollector.Start();
        await using var server = await FaasServer.StartAsync("", null, collector.Environment);
        await CallAsync(server, "/run-now", new { language = "python", code = "print('secret output')\nreturn 'secret value'" }, Parent);
        await Eventually.HoldsAsync(
            () => collector.Records.Any(IsOfTheCall) && collector.Metrics.Contains("faas.pool.leases"),
            s_patience,
            () => string.Join('\n', collector.Records));

        var call = collector.Records.Single(IsOfTheCall);
        Assert.Equal(TraceId, call.TraceId);
        Assert.Equal(("200", "ok"), (call.Attributes["status"], call.Attributes["reason"]));
        Assert.DoesNotContain(
            "secret",
            string.Join(' ', collector.Records.SelectMany(record => record.Attributes.Values.Append(record.Body))),
            StringComparison.Ordinal);
        await server.EndAsync();
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317", "an absolute URL that begins with http:// or https://")]
    [InlineData("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "ftp://collector", "an absolute URL that begins with http:// or https://")]
    [InlineData("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json", "grpc or http/protobuf")]
    [InlineData("OTEL_TRACES_EXPORTER", "zipkin", "otlp or none")]
    public async Task A_wrong_variable_stops_the_start(string name, string value, string allowed)
    {
        var (status, log) = await FaasServer.StartAndFailAsync("", (name, value));
        Assert.Equal((78, $"faas: {name} = \"{value}\": allowed is {allowed}.\n"), (status, log));
    }

    [Fact]
    public async Task A_collector_that_is_not_there_disturbs_no_call()
    {
        await using var server = await FaasServer.StartAsync(
            "", null, ("OTEL_EXPORTER_OTLP_ENDPOINT", $"http://127.0.0.1:{FreePort.Find()}"));
        Assert.Equal("1", (await server.RunNowAsync("python", "return 1")).Data);
        await server.EndAsync();
    }

    private static bool IsOfTheCall(OtlpRecord record) => record.Body.StartsWith("POST /run-now ", StringComparison.Ordinal);

    private static bool IsOfTrace(string text) => text.StartsWith($"00-{TraceId}", StringComparison.Ordinal);

    private static async Task<string> CallAsync(FaasServer server, string path, object body, string? parent)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative)) { Content = JsonContent.Create(body) };
        if (parent is not null)
        {
            request.Headers.TryAddWithoutValidation("traceparent", parent);
        }

        using var client = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null }) { BaseAddress = server.Address };
        using var response = await client.SendAsync(request);
        return await response.Content.ReadAsStringAsync();
    }
}
