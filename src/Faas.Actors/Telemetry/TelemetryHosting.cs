using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace Faas.Actors.Telemetry;

/// <summary>Wiring.</summary>
public static class TelemetryHosting
{
    /// <summary>Registers this room's meters. They need an <see cref="IMeterFactory"/>, which a host has.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="scripts">How many scripts get a name: <c>faas.metrics.scripts</c>.</param>
    public static IServiceCollection AddFaasMeters(this IServiceCollection services, int scripts) => services
        .AddSingleton(new ScriptNames(scripts))
        .AddSingleton<PoolMeters>()
        .AddSingleton<RunMeters>()
        .AddSingleton<SandboxMeters>()
        .AddSingleton<StoreMeters>()
        .AddSingleton<KeptMeters>()
        .AddSingleton<ScheduleMeters>();
}
