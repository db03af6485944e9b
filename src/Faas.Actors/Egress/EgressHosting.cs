using Faas.Actors.Hosts;
using Microsoft.Extensions.DependencyInjection;

namespace Faas.Actors.Egress;

/// <summary>Wires the proxy.</summary>
public static class EgressHosting
{
    /// <summary>Registers <see cref="IEgressProxy"/>. Nothing listens before a sandbox has a door.</summary>
    public static IServiceCollection AddEgress(this IServiceCollection services, EgressOptions options) => services
        .AddSingleton(options)
        .AddSingleton<ServerPorts>()
        .AddSingleton<EgressMeters>()
        .AddSingleton<IHostResolver, SystemResolver>()
        .AddSingleton(_ => new AddressPolicy(options.Addresses, OwnAddresses.Contain))
        .AddSingleton<IEgressProxy, EgressProxy>();
}
