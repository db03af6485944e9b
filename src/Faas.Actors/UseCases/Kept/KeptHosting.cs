using Faas.Actors.Runs.Kept;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Faas.Actors.UseCases.Kept;

/// <summary>Wiring.</summary>
public static class KeptHosting
{
    /// <summary>
    /// Registers the use cases of kept runs. The caller adds <see cref="IKeptRuns"/>, and in a cluster <see cref="IKeptNodes"/>.
    /// </summary>
    public static IServiceCollection AddKeptRuns(this IServiceCollection services, KeptRunsOptions options)
    {
        services.TryAddSingleton<IKeptNodes, SoleNode>();
        return services
            .AddSingleton(options)
            .AddSingleton(_ => new KeptSignal(options.Concurrency))
            .AddSingleton<KeptEnds>()
            .AddSingleton<KeptSeats>()
            .AddSingleton<AcceptRun>()
            .AddSingleton<AwaitKeptRun>()
            .AddSingleton<KeptExecution>()
            .AddSingleton<HandOver>()
            .AddSingleton<EndKeptRun>()
            .AddSingleton<KeptWriter>()
            .AddSingleton<KeepRun>()
            .AddSingleton<RunOnce>()
            .AddSingleton<RedriveRun>()
            .AddSingleton<CancelKeptRun>();
    }

    /// <summary>Registers what executes kept runs while the host runs. It comes after the actor system, and stops before it.</summary>
    public static IServiceCollection AddKeptWorkers(this IServiceCollection services) => services
        .AddSingleton<KeptWatch>()
        .AddSingleton<IHostedService>(host => host.GetRequiredService<KeptWriter>())
        .AddSingleton<IHostedService>(host => host.GetRequiredService<RunOnce>())
        .AddSingleton<IHostedService, KeptWorkers>();
}
