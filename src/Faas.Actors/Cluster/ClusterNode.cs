using Akka.Actor;
using Akka.Event;
using Akka.Hosting;
using Akka.Remote.Transport.DotNetty;
using AkkaCluster = Akka.Cluster.Cluster;

namespace Faas.Actors.Cluster;

/// <summary>
/// What an actor system needs to be a node. The only code, beside <see cref="ClusterWatch"/>, that loads Akka.Cluster and Akka.Remote:
/// nothing calls it on a server that is no node.
/// </summary>
internal static class ClusterNode
{
    // They log each broken connection as an error with its stack; what follows from it, the members' log lines say.
    private const string ConnectionsToNodes = "/system/endpointManager/";

    /// <summary>Adds it. Throws <see cref="ClusterStartException"/>.</summary>
    public static AkkaConfigurationBuilder AddTo(AkkaConfigurationBuilder builder, ClusterOptions options)
    {
        builder.AddHocon(ClusterHocon.Of(options), HoconAddMode.Prepend);
        builder.AddSetup(new LogFilterBuilder().ExcludeSourceContaining(ConnectionsToNodes).Build());
        if (options.Tls is { } files)
        {
            builder.AddSetup(Mutual(ClusterCertificates.Read(files)));
        }

        return builder.WithActors((system, _, resolver) =>
        {
            var membership = resolver.GetService<ClusterMembership>();
            CoordinatedShutdown.Get(system).AddTask(CoordinatedShutdown.PhaseBeforeServiceUnbind, "loss", () =>
            {
                if (WhyItEnds(system) is { } why)
                {
                    membership.Lose(why);
                }

                return Task.FromResult(Akka.Done.Instance);
            });
            system.ActorOf(resolver.Props<ClusterWatch>(), "cluster-watch");
        });
    }

    /// <summary>Asks the seeds to be let in, and waits until this node is a member. Throws <see cref="ClusterStartException"/>.</summary>
    public static async Task JoinAsync(ActorSystem system, ClusterOptions options, CancellationToken cancellation)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        late.CancelAfter(options.JoinTimeout);
        var cluster = AkkaCluster.Get(system);
        try
        {
            await (options.Seeds.Count == 0
                ? cluster.JoinAsync(cluster.SelfAddress, late.Token)
                : cluster.JoinSeedNodesAsync(options.Seeds.Select(seed => seed.ToAkka(cluster.SelfAddress)), late.Token));
        }
        catch (Akka.Cluster.ClusterJoinFailedException)
        {
            var why = WhyItEnds(system);
            if (why is null)
            {
                cancellation.ThrowIfCancellationRequested();
            }

            throw new ClusterStartException(WhyAlone(options, why)) { MayPass = true };
        }
    }

    // The host ends the actor system by ClrExitReason. Of itself it ends when the others have given this node up, and when a connection
    // that this node opens fails in its TLS handshake, which Akka takes for a wrong certificate of this node.
    private static NodeLoss? WhyItEnds(ActorSystem system) => CoordinatedShutdown.Get(system).ShutdownReason switch
    {
        null or CoordinatedShutdown.ClrExitReason => null,
        CoordinatedShutdown.ClusterDowningReason => NodeLoss.GivenUp,
        _ => NodeLoss.Handshake,
    };

    // Both sides of each connection are asked: Akka takes this validator for the ones that it opens and the ones that it accepts.
    private static DotNettySslSetup Mutual(ClusterCertificates certificates) => new(
        certificates.Own,
        suppressValidation: false,
        requireMutualAuthentication: true,
        (peer, chain, remote, _, log) =>
        {
            var others = chain?.ChainElements.Select(element => element.Certificate) ?? [];
            if (certificates.WhyNot(peer, [.. others]) is not { } why)
            {
                return true;
            }

            log.Warning("A node at {0} is not let into the cluster: {1}", remote, why);
            return false;
        });

    private static string WhyAlone(ClusterOptions options, NodeLoss? loss) =>
        $"This node {options.Self} was not let into a cluster "
        + (loss is null
            ? $"within faas.cluster.join-timeout = {options.JoinTimeout.TotalSeconds} s"
            : "by a node whose TLS handshake failed")
        + $"; it has asked {string.Join(", ", options.Seeds)}. A cluster forms when {options.FormedBy} of the seeds are there, the first "
        + $"one among them, and reach each other{(options.Tls is null ? "." : " and take each other's certificates.")}";
}
