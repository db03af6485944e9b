using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Hosting;
using Faas.Actors.Cluster;
using Faas.Actors.Scripts;

namespace Faas.Actors.Sharding;

/// <summary>Asks the shard regions of all members.</summary>
internal sealed class HomeCounts(IRequiredActor<ScriptRegistry> scripts) : IHomeCounts
{
    private static readonly TimeSpan s_ofRegions = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_ofAll = TimeSpan.FromSeconds(2);
    private static readonly Dictionary<ClusterAddress, HomeCount> s_none = [];

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<ClusterAddress, HomeCount>> CountAsync(CancellationToken cancellation)
    {
        try
        {
            var stats = await scripts.ActorRef.Ask<ClusterShardingStats>(
                new GetClusterShardingStats(s_ofRegions), s_ofAll, cancellation);
            return stats.Regions.ToDictionary(
                region => ClusterAddress.Of(region.Key),
                region => new HomeCount(region.Value.Stats.Count, region.Value.Stats.Values.Sum()));
        }
        catch (AskTimeoutException)
        {
            return s_none; // no region knows all the others while the cluster forms
        }
    }
}
