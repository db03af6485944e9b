using System.Text.Json.Serialization;
using Faas.Actors.Cluster;
using Faas.Actors.Placement;
using Faas.Http.Api.Health;

namespace Faas.Http.Api.Cluster;

/// <summary>The answer of <c>GET /api/v1/cluster</c>.</summary>
/// <param name="Enabled">Whether this server is a node of a cluster; if not, all else is absent.</param>
/// <param name="Self">The address of this node in the cluster.</param>
/// <param name="WhyNot">Why this node may not work at the moment; absent: it may.</param>
/// <param name="Members">The members as this node sees them, by address.</param>
/// <param name="Load">The pool of this node in numbers.</param>
public sealed record ClusterReply(
    bool Enabled, string? Self, string? WhyNot, IReadOnlyList<MemberReply>? Members, PoolCounts? Load)
{
    /// <summary>The answer of a server that is no node.</summary>
    public static ClusterReply None { get; } = new(false, null, null, null, null);

    /// <summary>The answer of a node.</summary>
    /// <param name="now">The members.</param>
    /// <param name="whyNot">Why this node may not work; null: it may.</param>
    /// <param name="load">The pool of this node.</param>
    /// <param name="pools">What is free on which node, by address.</param>
    /// <param name="homes">What is at home on which node.</param>
    public static ClusterReply Of(
        Membership now,
        string? whyNot,
        PoolCounts load,
        IReadOnlyDictionary<string, NodeLevels> pools,
        IReadOnlyDictionary<ClusterAddress, HomeCount>? homes) => new(
        true,
        now.Self.ToString(),
        whyNot,
        [
            .. now.Members.Select(member => MemberReply.Of(
                member, pools.GetValueOrDefault(member.Address.ToString()), homes?.GetValueOrDefault(member.Address))),
        ],
        load);
}

/// <summary>One member of the cluster.</summary>
/// <param name="Address">Where it takes connections of the others.</param>
/// <param name="State">How far it is in the cluster.</param>
/// <param name="Reachable">Whether no member says that it does not answer.</param>
/// <param name="Roles">What it is there for.</param>
/// <param name="Since">Since when its state and its reachability are so, as this node has seen it.</param>
/// <param name="Pool">What its pool has free, as of at most a second or two ago; absent: it has told nothing lately.</param>
/// <param name="Home">What of the scripts is at home there; absent: it has not answered.</param>
public sealed record MemberReply(
    string Address,
    MemberState State,
    bool Reachable,
    IReadOnlyList<string> Roles,
    DateTime Since,
    MemberPoolReply? Pool,
    MemberHomeReply? Home)
{
    /// <summary>The same for a client.</summary>
    public static MemberReply Of(ClusterMember member, NodeLevels? pool, HomeCount? home) => new(
        member.Address.ToString(),
        member.State,
        member.IsReachable,
        member.Roles,
        member.Since.UtcDateTime,
        pool is null ? null : MemberPoolReply.Of(pool),
        home is null ? null : new MemberHomeReply(home.Shards, home.Scripts));
}

/// <summary>What of the scripts is at home on a member.</summary>
/// <param name="Shards">The groups of scripts whose actors run there.</param>
/// <param name="Scripts">The scripts whose actors are in memory there.</param>
public sealed record MemberHomeReply(int Shards, int Scripts);

/// <summary>What the pool of a member has free, by which the other nodes choose where a run is executed.</summary>
/// <param name="Running">How many runs it may execute at once: its <c>faas.pool.running</c>.</param>
/// <param name="Free">How many more it may execute now.</param>
/// <param name="Waiting">The runs that wait there.</param>
/// <param name="Spares">Its spare sandboxes.</param>
/// <param name="Warm">For how many more runs its bound sandboxes have room.</param>
/// <param name="Draining">Whether it refuses new runs.</param>
public sealed record MemberPoolReply(int Running, int Free, int Waiting, int Spares, int Warm, bool Draining)
{
    /// <summary>The same for a client.</summary>
    public static MemberPoolReply Of(NodeLevels pool) =>
        new(pool.Permits, pool.Free, pool.Waiting, pool.Spares, pool.Seats, pool.IsDraining);
}

/// <summary>JSON of this room's records.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ClusterReply))]
internal sealed partial class ClusterJson : JsonSerializerContext;
