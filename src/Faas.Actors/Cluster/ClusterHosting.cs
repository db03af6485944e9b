using Akka.Actor;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Faas.Actors.Cluster;

/// <summary>
/// Wires the cluster: <see cref="AddCluster(IServiceCollection, ClusterOptions)"/> into the host,
/// <see cref="AddCluster(AkkaConfigurationBuilder, ClusterOptions)"/> into the actor system. With the switch off both leave the server as
/// it was, and nothing of Akka.Cluster and Akka.Remote is loaded.
/// </summary>
public static class ClusterHosting
{
    /// <summary>Registers <see cref="ClusterMembership"/>.</summary>
    public static IServiceCollection AddCluster(this IServiceCollection services, ClusterOptions options) =>
        services.AddSingleton(options).AddSingleton<ClusterMembership>();

    /// <summary>Makes the actor system a node, which has not joined yet. Throws <see cref="ClusterStartException"/>.</summary>
    public static AkkaConfigurationBuilder AddCluster(this AkkaConfigurationBuilder builder, ClusterOptions options) =>
        options.Enabled ? ClusterNode.AddTo(builder, options) : builder;

    /// <summary>Joins the cluster, if there is one. Throws <see cref="ClusterStartException"/>.</summary>
    public static Task JoinClusterAsync(this ActorSystem system, ClusterOptions options, CancellationToken cancellation) =>
        options.Enabled ? ClusterNode.JoinAsync(system, options, cancellation) : Task.CompletedTask;
}
