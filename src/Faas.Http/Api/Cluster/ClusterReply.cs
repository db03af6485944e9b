using System.Text.Json.Serialization;
using Faas.Actors.Cluster;
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
    public static ClusterReply Of(Membership now, string? whyNot, PoolCounts load) =>
        new(true, now.Self.ToString(), whyNot, [.. now.Members.Select(MemberReply.Of)], load);
}

/// <summary>One member of the cluster.</summary>
/// <param name="Address">Where it takes connections of the others.</param>
/// <param name="State">How far it is in the cluster.</param>
/// <param name="Reachable">Whether no member says that it does not answer.</param>
/// <param name="Roles">What it is there for.</param>
/// <param name="Since">Since when its state and its reachability are so, as this node has seen it.</param>
public sealed record MemberReply(string Address, MemberState State, bool Reachable, IReadOnlyList<string> Roles, DateTime Since)
{
    /// <summary>The same for a client.</summary>
    public static MemberReply Of(ClusterMember member) =>
        new(member.Address.ToString(), member.State, member.IsReachable, member.Roles, member.Since.UtcDateTime);
}

/// <summary>JSON of this room's records.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ClusterReply))]
internal sealed partial class ClusterJson : JsonSerializerContext;
