using System.Diagnostics.Metrics;
using Faas.Actors.Runs;
using Faas.Actors.Telemetry;
using Faas.Http.Api.Index;
using Faas.Http.Configuration;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Faas.Http.Server.Telemetry;

/// <summary>
/// Collects the meters of this server, of the web server and of .NET by the OpenTelemetry SDK, and sends metrics, traces and logs to a
/// collector, if one is named.
/// <para>
/// Theory of operation. The SDK listens to every meter of the process by name. The views keep the instruments of this server's own meter
/// factory and of .NET's static meters, so that two servers in one process (tests have them) do not add up; and they drop what
/// Prometheus refuses.
/// </para>
/// </summary>
public static class TelemetrySetup
{
    // Names that end as a histogram's or summary's part would: `promtool check metrics` refuses them.
    private static readonly HashSet<string> s_refused = ["dotnet.assembly.count", "dotnet.process.cpu.count", "dotnet.timer.count"];

    /// <summary>Adds the SDK.</summary>
    public static IServiceCollection AddTelemetry(this IServiceCollection services, OtlpOptions otlp)
    {
        services.AddMetrics();
        var sdk = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource
                .Clear()
                .AddService("faas", serviceVersion: ServerVersion.Text)
                .AddTelemetrySdk()
                .AddEnvironmentVariableDetector())
            .WithMetrics(metrics => metrics
                .AddMeter(FaasMeter.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime")
                .AddPrometheusExporter());
        services.ConfigureOpenTelemetryMeterProvider((provider, metrics) =>
        {
            var own = provider.GetRequiredService<IMeterFactory>();
            metrics.AddView(instrument => IsWanted(instrument, own) ? null : MetricStreamConfiguration.Drop);
        });
        Send(sdk, otlp);
        return services;
    }

    private static void Send(OpenTelemetryBuilder sdk, OtlpOptions otlp)
    {
        if (otlp.Metrics)
        {
            sdk.WithMetrics(metrics => metrics.AddOtlpExporter(exporter => Set(exporter, otlp, "METRICS")));
        }

        if (otlp.Traces)
        {
            sdk.WithTracing(traces => traces
                .AddSource("Microsoft.AspNetCore", RunTrace.SourceName)
                .AddOtlpExporter(exporter => Set(exporter, otlp, "TRACES")));
        }

        if (otlp.Logs)
        {
            sdk.WithLogging(
                logs => logs.AddOtlpExporter(exporter => Set(exporter, otlp, "LOGS")),
                options => (options.IncludeFormattedMessage, options.ParseStateValues) = (true, true));
        }
    }

    // What is set for one signal alone comes before what the SDK reads for all of them.
    private static void Set(OtlpExporterOptions exporter, OtlpOptions otlp, string signal)
    {
        // Not to be set to what it is: an endpoint that is set gets no path added.
        if (otlp.EndpointOf(signal) is { } endpoint)
        {
            exporter.Endpoint = endpoint;
        }

        exporter.Headers = otlp.Of(signal, "HEADERS") ?? exporter.Headers;
        exporter.Protocol = otlp.Of(signal, "PROTOCOL") switch
        {
            "grpc" => OtlpExportProtocol.Grpc,
            "http/protobuf" => OtlpExportProtocol.HttpProtobuf,
            _ => exporter.Protocol,
        };
    }

    private static bool IsWanted(Instrument instrument, IMeterFactory own) =>
        (instrument.Meter.Scope is null || instrument.Meter.Scope == own) && !s_refused.Contains(instrument.Name);
}
