using Faas.Actors.Cluster;
using Faas.Actors.Placement;
using Faas.Actors.UseCases;
using Faas.Http.Access;
using Faas.Http.Api.Description;
using Faas.Http.Api.Health;
using Faas.Http.Wire;

namespace Faas.Http.Api.Cluster;

/// <summary>What an operator sees of the cluster.</summary>
public static class ClusterEndpoints
{
    private const string Example =
        """
        {"enabled": true, "self": "10.0.0.1:4053",
         "members": [
          {"address": "10.0.0.1:4053", "state": "up", "reachable": true, "roles": ["faas"], "since": "2026-02-08T07:33:20Z",
           "pool": {"running": 2, "free": 1, "waiting": 0, "spares": 1, "warm": 0, "draining": false},
           "home": {"shards": 128, "scripts": 12}},
          {"address": "10.0.0.2:4053", "state": "up", "reachable": false, "roles": ["faas"], "since": "2026-02-08T07:41:02Z"}],
         "load": {"starting": 0, "spare": 1, "idle": 0, "busy": 1, "waiting": 0, "heldBytes": 52428800, "memoryBytes": 1073741824}}
        """;

    private static readonly string[] s_reads = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Adds the route.</summary>
    public static void MapCluster(this IEndpointRouteBuilder routes) =>
        routes.MapMethods("/api/v1/cluster", s_reads, ViewAsync).Needs(Scopes.Admin)
            .WithName("getCluster")
            .WithSummary("shows the members of the cluster as this node sees them, what each has free, and the load of this node")
            .WithTags("server").Fails(503).ReplyExample(Example);

    private static async Task<JsonBody<ClusterReply>> ViewAsync(
        ClusterMembership cluster, InspectPool pool, OtherPools others, IServiceProvider services, CancellationToken cancellation)
    {
        if (cluster.Now is not { } now)
        {
            return new(ClusterReply.None, ClusterJson.Default.ClusterReply);
        }

        var load = PoolCounts.Of(await pool.StatusAsync(cancellation));
        var own = NodeLevels.Of(await pool.DigestAsync(cancellation));
        var pools = new Dictionary<string, NodeLevels>(others.Levels) { [now.Self.ToString()] = own };
        var homes = services.GetService<IHomeCounts>() is { } counts ? await counts.CountAsync(cancellation) : null;
        return new(ClusterReply.Of(now, cluster.WhyNot, load, pools, homes), ClusterJson.Default.ClusterReply);
    }
}
