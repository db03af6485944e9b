using System.Diagnostics.Metrics;
using Faas.Actors.Telemetry;
using Faas.Http.Api.Index;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Faas.Http.Server.Telemetry;

/// <summary>
/// Collects the meters of this server, of the web server and of .NET by the OpenTelemetry SDK.
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
    public static IServiceCollection AddTelemetry(this IServiceCollection services)
    {
        services.AddMetrics();
        services.AddOpenTelemetry()
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
        return services;
    }

    private static bool IsWanted(Instrument instrument, IMeterFactory own) =>
        (instrument.Meter.Scope is null || instrument.Meter.Scope == own) && !s_refused.Contains(instrument.Name);
}
