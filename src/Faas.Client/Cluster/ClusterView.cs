namespace Faas.Client;

/// <summary>A cluster, as one of its nodes sees it.</summary>
/// <param name="Enabled">Whether the server is a node of a cluster.</param>
public sealed record ClusterView(bool Enabled)
{
    /// <summary>The address of the node that was asked; null: it is none.</summary>
    public string? Self { get; init; }

    /// <summary>Why the node may not work at the moment; null: it may.</summary>
    public string? WhyNot { get; init; }

    /// <summary>The members, by address; null: the server is no node.</summary>
    public IReadOnlyList<ClusterMember>? Members { get; init; }

    /// <summary>The pool of the node in numbers; null: the server is no node.</summary>
    public PoolCounts? Load { get; init; }
}

/// <summary>One member of a cluster.</summary>
/// <param name="Address">Where it takes connections of the others.</param>
/// <param name="State"><c>joining</c>, <c>weakly_up</c>, <c>up</c>, <c>leaving</c>, <c>exiting</c> or <c>down</c>.</param>
/// <param name="Reachable">Whether no member says that it does not answer.</param>
/// <param name="Roles">What it is there for.</param>
/// <param name="Since">Since when its state and its reachability are so, as the node has seen it.</param>
public sealed record ClusterMember(string Address, string State, bool Reachable, IReadOnlyList<string> Roles, DateTimeOffset Since)
{
    /// <summary>What its pool has free, as of at most a second or two ago; null: it has told nothing lately.</summary>
    public MemberPool? Pool { get; init; }

    /// <summary>What of the scripts is at home there; null: it has not answered.</summary>
    public MemberHome? Home { get; init; }
}

/// <summary>What of the scripts is at home on a member.</summary>
/// <param name="Shards">The groups of scripts whose actors run there.</param>
/// <param name="Scripts">The scripts whose actors are in memory there.</param>
public sealed record MemberHome(int Shards, int Scripts);

/// <summary>What the pool of a member has free, by which the other nodes choose where a run is executed.</summary>
/// <param name="Running">How many runs it may execute at once.</param>
/// <param name="Free">How many more it may execute now.</param>
/// <param name="Waiting">The runs that wait there.</param>
/// <param name="Spares">Its spare sandboxes.</param>
/// <param name="Warm">For how many more runs its bound sandboxes have room.</param>
/// <param name="Draining">Whether it refuses new runs.</param>
public sealed record MemberPool(int Running, int Free, int Waiting, int Spares, int Warm, bool Draining);
