using Akka.Hosting;
using Faas.Actors.Durable;
using Microsoft.Extensions.DependencyInjection;

namespace Faas.Actors.Secrets;

/// <summary>Wires the secrets.</summary>
public static class SecretHosting
{
    /// <summary>Registers <see cref="LiveSecrets"/> and the keys that encrypt them. Nothing is read before it is needed.</summary>
    public static IServiceCollection AddSecrets(this IServiceCollection services, SecretOptions options) => services
        .AddSingleton(options)
        .AddSingleton<LiveSecrets>()
        .AddSingleton(_ => new SecretKeyFile(options.KeyFile));

    /// <summary>Starts the secrets' actor under the key <see cref="SecretsActor"/>, and again when it has ended.</summary>
    public static AkkaConfigurationBuilder AddSecrets(this AkkaConfigurationBuilder builder) =>
        builder.WithDurableActor<SecretsActor>("secrets");
}
