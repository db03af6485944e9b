using Akka.Hosting;
using Akka.Pattern;
using Microsoft.Extensions.DependencyInjection;

namespace Faas.Actors.Keys;

/// <summary>Wires the keys that are made by calls.</summary>
public static class KeyHosting
{
    private static readonly TimeSpan s_restartAfter = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_restartAtMost = TimeSpan.FromSeconds(5);

    /// <summary>Registers <see cref="LiveKeys"/>.</summary>
    public static IServiceCollection AddKeys(this IServiceCollection services) => services.AddSingleton<LiveKeys>();

    /// <summary>Starts the keys' actor under the key <see cref="KeysActor"/>, and again when it has ended.</summary>
    public static AkkaConfigurationBuilder AddKeys(this AkkaConfigurationBuilder builder) => builder.WithActors(
        (system, registry, resolver) => registry.Register<KeysActor>(system.ActorOf(
            BackoffSupervisor.Props(Backoff.OnStop(resolver.Props<KeysActor>(), "store", s_restartAfter, s_restartAtMost, 0.2, -1)),
            "keys")));
}
