using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.TestKit.Xunit2;
using Faas.Actors.Storage;
using Faas.Actors.Storage.AkkaPlugins;
using Faas.Actors.Storage.Redis;
using Faas.Actors.Tests.Storage.Stores;

namespace Faas.Actors.Tests.Storage;

/// <summary>An actor system on a store, and a persistence id that no other test has.</summary>
public abstract class StoreTestKit(StoreFixture store, StoreOptions? options = null, RedisConnection? connection = null)
    : TestKit(SystemOn(options ?? store.Options, connection ?? store.Connection))
{
    protected StoreFixture Store { get; } = store;

    protected RedisConnection Connection { get; } = connection ?? store.Connection;

    protected string Pid { get; } = $"actor-{Guid.NewGuid():N}";

    protected IActorRef Journal => Akka.Persistence.Persistence.Instance.Apply(Sys).JournalFor(null);

    protected IActorRef Snapshots => Akka.Persistence.Persistence.Instance.Apply(Sys).SnapshotStoreFor(null);

    /// <summary>The exception inside the one that tasks and Akka wrap around it.</summary>
    protected static Exception Deepest(Exception failure) => failure is AggregateException { InnerException: { } inner } ? inner : failure;

    public static ActorSystemSetup SystemOn(StoreOptions options, RedisConnection connection) => BootstrapSetup.Create()
        .WithConfig(RedisStoreHosting.PluginConfig(options).WithFallback(ConfigurationFactory.ParseString(
            """
            akka.loglevel = WARNING
            akka.stdout-loglevel = OFF
            akka.test.single-expect-default = 10s
            akka.actor.serializers.unserializable = "Faas.Actors.Tests.Storage.AkkaPlugins.UnserializableSerializer, Faas.Actors.Tests"
            akka.actor.serialization-bindings { "Faas.Actors.Tests.Storage.AkkaPlugins.Unserializable, Faas.Actors.Tests" = unserializable }
            """)))
        .And(new RedisStoreSetup(connection));
}
