using Akka.Configuration;
using Akka.Hosting;
using Faas.Actors.Pool.Scheduler;
using Faas.Actors.Telemetry;

namespace Faas.Actors.Pool;

/// <summary>Wiring.</summary>
public static class SandboxPoolHosting
{
    /// <summary>The dispatcher of the pool and its sandboxes, as calls-dispatcher.conf sets it.</summary>
    internal const string Dispatcher = "calls-dispatcher";

    /// <summary>Starts the pool under the key <see cref="SandboxPool"/>: endpoints take <c>IRequiredActor&lt;SandboxPool&gt;</c>.</summary>
    public static AkkaConfigurationBuilder AddSandboxPool(
        this AkkaConfigurationBuilder builder, PoolOptions options, SandboxFactory factory, PoolMeters? meters = null) =>
        builder
        .AddHocon(ConfigurationFactory.FromResource<SandboxPool>("Faas.Actors.Pool.calls-dispatcher.conf"), HoconAddMode.Append)
        .WithActors((system, registry) => registry.Register<SandboxPool>(system.ActorOf(
            SandboxPool.Props(options, image => factory(image).WithDispatcher(Dispatcher), null, meters).WithDispatcher(Dispatcher),
            "pool")));
}
