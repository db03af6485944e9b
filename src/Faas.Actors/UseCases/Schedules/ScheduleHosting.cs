using Faas.Actors.Schedules;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Faas.Actors.UseCases.Schedules;

/// <summary>Wiring.</summary>
public static class ScheduleHosting
{
    /// <summary>Registers the use cases of schedules. The caller adds <see cref="ISchedules"/>, and the kept runs.</summary>
    public static IServiceCollection AddSchedules(this IServiceCollection services, SchedulesOptions options) => services
        .AddSingleton(options)
        .AddSingleton<ScheduleSignal>()
        .AddSingleton<FireSchedule>()
        .AddSingleton<ChangeSchedules>();

    /// <summary>Registers what starts the runs of schedules while the host runs. It comes after the workers of kept runs.</summary>
    public static IServiceCollection AddScheduleTicker(this IServiceCollection services) =>
        services.AddSingleton<IHostedService, ScheduleTicker>();
}
