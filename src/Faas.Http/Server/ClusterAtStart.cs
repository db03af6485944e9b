using Akka.Actor;
using Faas.Actors.Cluster;

namespace Faas.Http.Server;

/// <summary>
/// Has this node be a member of its cluster before anything asks for the cluster's scripts, and before the server listens. Throws
/// <see cref="ClusterStartException"/>.
/// </summary>
public sealed class ClusterAtStart(ActorSystem system, ClusterOptions options) : IHostedService
{
    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken) => system.JoinClusterAsync(options, cancellationToken);

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
