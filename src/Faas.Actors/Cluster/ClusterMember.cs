namespace Faas.Actors.Cluster;

/// <summary>One node of the cluster, as this node sees it.</summary>
/// <param name="Address">Where it takes connections of the others.</param>
/// <param name="State">How far it is in the cluster.</param>
/// <param name="IsReachable">Whether no member says that it does not answer.</param>
/// <param name="Roles">What it is there for.</param>
/// <param name="Since">Since when its state and its reachability are so, by the clock of this node.</param>
public sealed record ClusterMember(
    ClusterAddress Address, MemberState State, bool IsReachable, IReadOnlyList<string> Roles, DateTimeOffset Since)
{
    /// <summary>Whether it counts where the sides of a partition are compared, as Akka's keep-majority counts.</summary>
    public bool Counts => State is MemberState.Up or MemberState.Leaving;
}
