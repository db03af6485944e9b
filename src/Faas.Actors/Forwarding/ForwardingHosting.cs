using Akka.Cluster.Hosting;
using Akka.Hosting;
using Akka.Streams;
using Faas.Actors.Pool;
using Faas.Actors.UseCases;
using Microsoft.Extensions.DependencyInjection;

namespace Faas.Actors.Forwarding;

/// <summary>Wires the runs that nodes of a cluster execute for each other.</summary>
public static class ForwardingHosting
{
    /// <summary>Registers it.</summary>
    public static IServiceCollection AddForwarding(this IServiceCollection services) => services
        .AddSingleton<OtherExchanges>()
        .AddSingleton<OpenForwards>()
        .AddSingleton<WarmVersions>()
        .AddSingleton<Parcels>()
        .AddSingleton<ForwardedRuns>()
        .AddSingleton<IOtherNodes, Forwarder>();

    // A message between nodes is worked on by the thread that sends it, and by the one that has read it (CallerThread): else each call
    // would wait until further sleeping threads have been woken, one after the other.
    private const string Connections = $"akka.remote.use-dispatcher = {SandboxPoolHosting.Dispatcher}";

    /// <summary>Starts it on this node.</summary>
    public static AkkaConfigurationBuilder AddForwarding(this AkkaConfigurationBuilder builder) => builder
        .AddHocon(Connections, HoconAddMode.Prepend)
        .AddHocon(ActorMaterializer.DefaultConfig(), HoconAddMode.Append) // has the serializer of references to streams
        .WithDistributedPubSub("faas")
        .WithCustomSerializer("faas-forwarding", ForwardingSerializer.Types, system => new ForwardingSerializer(system))
        .WithActors((system, _, resolver) => resolver.GetService<OtherExchanges>().Own = system.ActorOf(
            resolver.Props<NodeExchange>().WithDispatcher(SandboxPoolHosting.Dispatcher), NodeExchange.Name));
}
