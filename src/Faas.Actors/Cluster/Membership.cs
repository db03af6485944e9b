using System.Collections.Immutable;

namespace Faas.Actors.Cluster;

/// <summary>The members of the cluster, as one node sees them: what each event changes, and whether the node may work. Pure.</summary>
public sealed record Membership
{
    private readonly ImmutableDictionary<ClusterAddress, ClusterMember> _members;

    private Membership(ClusterAddress self, ImmutableDictionary<ClusterAddress, ClusterMember> members)
    {
        Self = self;
        _members = members;
        Reached = _members.Values.Count(member => member.Counts && member.IsReachable);
        Counted = _members.Values.Count(member => member.Counts);
        WhyNot = Reason();
    }

    /// <summary>This node.</summary>
    public ClusterAddress Self { get; }

    /// <summary>The members that have a say, and this node reaches.</summary>
    public int Reached { get; }

    /// <summary>The members that have a say.</summary>
    public int Counted { get; }

    /// <summary>Why this node may not work at the moment, as a sentence; null: it may.</summary>
    public string? WhyNot { get; }

    /// <summary>Whether this node is a member that has a say.</summary>
    public bool IsMember => _members.GetValueOrDefault(Self) is { Counts: true };

    /// <summary>
    /// Whether the members that it reaches are the side that goes on. Of two equal sides that is the one with the lowest address.
    /// </summary>
    public bool HasMajority => 2 * Reached > Counted || (2 * Reached == Counted && IsLowestReached);

    /// <summary>Every member, by address.</summary>
    public IReadOnlyList<ClusterMember> Members => [.. _members.Values.OrderBy(member => member.Address, ClusterAddress.Order)];

    private bool IsLowestReached => Members.FirstOrDefault(member => member.Counts) is null or { IsReachable: true };

    /// <summary>A node that is no member yet, and knows none.</summary>
    public static Membership Outside(ClusterAddress self) => new(self, ImmutableDictionary<ClusterAddress, ClusterMember>.Empty);

    /// <summary>A node has come, or is another way in the cluster than before.</summary>
    public Membership With(ClusterAddress address, MemberState state, IReadOnlyList<string> roles, DateTimeOffset at) =>
        _members.TryGetValue(address, out var known)
            ? known.State == state ? this : Set(known with { State = state, Since = at })
            : Set(new ClusterMember(address, state, IsReachable: true, roles, at));

    /// <summary>A member does not answer any more, or again.</summary>
    public Membership WithReachability(ClusterAddress address, bool isReachable, DateTimeOffset at) =>
        _members.TryGetValue(address, out var known) && known.IsReachable != isReachable
            ? Set(known with { IsReachable = isReachable, Since = at })
            : this;

    /// <summary>A member has left, or was given up.</summary>
    public Membership Without(ClusterAddress address) => new(Self, _members.Remove(address));

    private Membership Set(ClusterMember member) => new(Self, _members.SetItem(member.Address, member));

    private string? Reason() => _members.GetValueOrDefault(Self)?.State switch
    {
        MemberState.Up when HasMajority => null,
        MemberState.Up => $"This node reaches {Reached} of the {Counted} members of its cluster.",
        null or MemberState.Joining or MemberState.WeaklyUp => "This node is no member of its cluster yet.",
        MemberState.Leaving or MemberState.Exiting => "This node leaves its cluster.",
        _ => "The cluster has given this node up.",
    };
}
