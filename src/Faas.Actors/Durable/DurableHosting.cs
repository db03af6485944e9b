using Akka.Actor;
using Akka.Hosting;
using Akka.Pattern;

namespace Faas.Actors.Durable;

/// <summary>Wires actors that end when the store fails.</summary>
public static class DurableHosting
{
    /// <summary>The message that ends a durable actor as soon as no change is under way.</summary>
    public static object StopMessage => StopDurable.Instance;

    private static readonly TimeSpan s_restartAfter = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_restartAtMost = TimeSpan.FromSeconds(5);

    /// <summary>Starts the actor under the key of its class, and again when it has ended.</summary>
    /// <param name="builder">The actor system.</param>
    /// <param name="name">The name of its supervisor.</param>
    public static AkkaConfigurationBuilder WithDurableActor<TActor>(this AkkaConfigurationBuilder builder, string name)
        where TActor : ActorBase => builder.WithActors(
        (system, registry, resolver) => registry.Register<TActor>(system.ActorOf(
            BackoffSupervisor.Props(Backoff.OnStop(resolver.Props<TActor>(), "store", s_restartAfter, s_restartAtMost, 0.2, -1)),
            name)));
}
