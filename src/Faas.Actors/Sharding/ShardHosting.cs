using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Hosting;
using Faas.Actors.Cluster;
using Faas.Actors.Durable;
using Faas.Actors.Keys;
using Faas.Actors.Lending;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Catalog;
using Faas.Actors.Scripts.Registry;
using Faas.Actors.Secrets;
using Faas.Actors.Storage.Redis;
using Microsoft.Extensions.DependencyInjection;

namespace Faas.Actors.Sharding;

/// <summary>
/// Wires scripts, keys and secrets into a cluster: their actors run on one node each, and every node borrows what they have.
/// </summary>
public static class ShardHosting
{
    /// <summary>
    /// How long after a question to a script's actor it is sent again: longer than the store mostly takes, and short beside the time until
    /// a node that has failed is known to be gone.
    /// </summary>
    public static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(3);

    private const string LeaseSection = "faas-shard-lease";

    /// <summary>Registers what takes the place of <see cref="ScriptHosting"/>'s part.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="options">Of the scripts.</param>
    /// <param name="system">The name of the actor system.</param>
    /// <param name="keys">The keys of the store.</param>
    public static IServiceCollection AddShardedScripts(
        this IServiceCollection services, ScriptOptions options, string system, StoreKeys keys) => services
        .AddSingleton(options)
        .AddSingleton(provider => new HeldLeases(
            provider.GetRequiredService<RedisConnection>(), keys, provider.GetRequiredService<TimeProvider>()))
        .AddSingleton(provider => new ShardAuthority(system, provider.GetRequiredService<HeldLeases>()))
        .AddSingleton<IAuthority>(provider => provider.GetRequiredService<ShardAuthority>())
        .AddSingleton<LoanBook>()
        .AddSingleton<IHomeCounts, HomeCounts>()
        .AddSingleton(new EntityParent(stop => new Akka.Cluster.Sharding.Passivate(stop)))
        .AddSingleton<LiveScripts>()
        .AddSingleton<BorrowedScripts>()
        .AddSingleton<IScriptReads>(provider => provider.GetRequiredService<BorrowedScripts>());

    /// <summary>Starts the shards of this node, and the actors that borrow for it.</summary>
    /// <param name="builder">The actor system.</param>
    /// <param name="services">The host's services.</param>
    public static AkkaConfigurationBuilder AddShardedScripts(this AkkaConfigurationBuilder builder, IServiceProvider services) => builder
        .AddSetup(LeaseSetup(services))
        .AddHocon(
            $$"""
            {{LeaseSection}} {
              lease-class = "{{typeof(RedisShardLease).AssemblyQualifiedName}}"
            }
            # The largest message has all versions of a script, for an archive; what a call needs is a few KiB.
            akka.remote.dot-netty.tcp.maximum-frame-size = 16777216b
            akka.cluster.sharding {
              use-lease = "{{LeaseSection}}"
              lease-retry-interval = 500ms
              state-store-mode = ddata
              passivate-idle-entity-after = off # scripts leave memory by faas.scripts.passivate-after
              distributed-data.durable.keys = []
            }
            """,
            HoconAddMode.Prepend)
        .WithShardRegion<ScriptRegistry>(
            ShardNames.Scripts,
            (_, _, resolver) => path => resolver.Props<ScriptActor>(path),
            ShardNames.ScriptExtractor,
            new ShardOptions { HandOffStopMessage = ScriptActor.StopMessage })
        .WithShardRegion<SettingShard>(
            ShardNames.Settings,
            (_, _, resolver) => id => id == KeysActor.Id ? resolver.Props<KeysActor>() : resolver.Props<SecretsActor>(),
            ShardNames.SettingExtractor,
            new ShardOptions { HandOffStopMessage = DurableHosting.StopMessage })
        .AddCatalogKeeper()
        .WithActors((system, registry, _) =>
        {
            var (scripts, settings) = (registry.Get<ScriptRegistry>(), registry.Get<SettingShard>());
            registry.Register<KeysActor>(settings);
            registry.Register<SecretsActor>(settings);
            var time = services.GetRequiredService<TimeProvider>();
            system.ActorOf(
                Props.Create(() => new ScriptBorrower(
                    services.GetRequiredService<BorrowedScripts>(), scripts, services.GetRequiredService<LoanBook>(), time)),
                "script-borrower");
            system.ActorOf(
                Props.Create(() => new SettingBorrower(
                    services.GetRequiredService<LiveKeys>(), services.GetRequiredService<LiveSecrets>(), settings, time)),
                "setting-borrower");
            system.ActorOf(Props.Create(() => new DroppedRequests(scripts, settings)), "dropped-requests");
        });

    private static ShardLeaseSetup LeaseSetup(IServiceProvider services)
    {
        var (leases, authority) = (services.GetRequiredService<HeldLeases>(), services.GetRequiredService<ShardAuthority>());
        var loans = services.GetRequiredService<LoanBook>();

        // Each write to the store makes sure that the lease by which this node speaks for the state is still its own.
        services.GetRequiredService<RedisConnection>().Fences =
            persistenceId => leases.FenceOf(authority.LeaseOf(ShardNames.StateOf(persistenceId)));
        return new ShardLeaseSetup(leases, lease => loans.LongestOf(id => ShardNames.IsScript(id) && authority.LeaseOf(id) == lease));
    }

    /// <summary>The key of the shards of keys and secrets.</summary>
    public sealed class SettingShard
    {
        private SettingShard()
        {
        }
    }
}
