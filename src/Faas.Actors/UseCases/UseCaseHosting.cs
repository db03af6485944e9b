using Akka.Actor;
using Akka.Streams;
using Faas.Actors.Runs.Recent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Faas.Actors.UseCases;

/// <summary>Wiring.</summary>
public static class UseCaseHosting
{
    /// <summary>
    /// Registers the use cases. They need the actors of the pool and of the registry, the code store, the list of scripts, the
    /// compiler and the live scripts, which the caller adds.
    /// </summary>
    public static IServiceCollection AddUseCases(this IServiceCollection services, UseCaseOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IMaterializer>(provider => provider.GetRequiredService<ActorSystem>().Materializer());
        return services
            .AddSingleton(options)
            .AddSingleton<OutputPump>()
            .AddSingleton<Runner>()
            .AddSingleton<ScriptLookup>()
            .AddSingleton<BrowseScripts>()
            .AddSingleton<ReadScript>()
            .AddSingleton<ChangeScript>()
            .AddSingleton<ChangeAlias>()
            .AddSingleton<ExportScripts>()
            .AddSingleton<ImportScripts>()
            .AddSingleton<RunScript>()
            .AddSingleton<RecentLocks>()
            .AddSingleton<RunCode>()
            .AddSingleton<InspectPool>()
            .AddSingleton<DrainOnCall>()
            .AddSingleton<ChangeKeys>()
            .AddSingleton<SecretSupply>()
            .AddSingleton<ChangeSecrets>()
            .AddSingleton<CheckedCodes>()
            .AddSingleton<PublishScript>();
    }

    /// <summary>Registers what remembers the runs of the last minutes.</summary>
    public static IServiceCollection AddRecentRuns(this IServiceCollection services, RecentRunsOptions options) => services
        .AddSingleton(provider => new RecentRuns(options, provider.GetRequiredService<TimeProvider>()));
}
