using Akka.Hosting;
using Faas.Actors.Durable;
using Microsoft.Extensions.DependencyInjection;

namespace Faas.Actors.Keys;

/// <summary>Wires the keys that are made by calls.</summary>
public static class KeyHosting
{
    /// <summary>Registers <see cref="LiveKeys"/>.</summary>
    public static IServiceCollection AddKeys(this IServiceCollection services) => services.AddSingleton<LiveKeys>();

    /// <summary>Starts the keys' actor under the key <see cref="KeysActor"/>, and again when it has ended.</summary>
    public static AkkaConfigurationBuilder AddKeys(this AkkaConfigurationBuilder builder) => builder.WithDurableActor<KeysActor>("keys");
}
