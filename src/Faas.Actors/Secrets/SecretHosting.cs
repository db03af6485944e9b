using Akka.Hosting;
using Akka.Pattern;
using Microsoft.Extensions.DependencyInjection;

namespace Faas.Actors.Secrets;

/// <summary>Wires the secrets.</summary>
public static class SecretHosting
{
    private static readonly TimeSpan s_restartAfter = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_restartAtMost = TimeSpan.FromSeconds(5);

    /// <summary>Registers <see cref="LiveSecrets"/> and the keys that encrypt them. Nothing is read before it is needed.</summary>
    public static IServiceCollection AddSecrets(this IServiceCollection services, SecretOptions options) => services
        .AddSingleton(options)
        .AddSingleton<LiveSecrets>()
        .AddSingleton(_ => new SecretKeyFile(options.KeyFile));

    /// <summary>Starts the secrets' actor under the key <see cref="SecretsActor"/>, and again when it has ended.</summary>
    public static AkkaConfigurationBuilder AddSecrets(this AkkaConfigurationBuilder builder) => builder.WithActors(
        (system, registry, resolver) => registry.Register<SecretsActor>(system.ActorOf(
            BackoffSupervisor.Props(Backoff.OnStop(resolver.Props<SecretsActor>(), "store", s_restartAfter, s_restartAtMost, 0.2, -1)),
            "secrets")));
}
