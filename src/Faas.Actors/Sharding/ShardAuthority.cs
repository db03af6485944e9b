using System.Collections.Concurrent;
using Faas.Actors.Lending;
using Faas.Actors.Storage.Redis;

namespace Faas.Actors.Sharding;

/// <summary>
/// The authority of a node of a cluster: it may speak for a script, or for keys or secrets, for as long as it holds the lease of their
/// shard.
/// </summary>
/// <param name="system">The name of the actor system.</param>
/// <param name="leases">The leases of this process.</param>
public sealed class ShardAuthority(string system, HeldLeases leases) : IAuthority
{
    private readonly ConcurrentDictionary<string, string> _leaseOfShard = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public TimeSpan Left(string id) => leases.Left(LeaseOf(id));

    /// <inheritdoc/>
    public long Term(string id) => leases.Term(LeaseOf(id));

    /// <inheritdoc/>
    public TimeSpan LeftOfOthers(string id) => leases.LeftOfOthers(LeaseOf(id));

    /// <inheritdoc/>
    public bool Holds(string id, long term)
    {
        var lease = LeaseOf(id);
        return term > 0 && leases.Term(lease) == term && leases.Left(lease) > TimeSpan.Zero;
    }

    /// <summary>The name of the lease that lets a node speak for a state.</summary>
    public string LeaseOf(string id) => ShardNames.IsScript(id)
        ? _leaseOfShard.GetOrAdd(
            ShardNames.ScriptExtractor.ShardId(id), shard => ShardNames.Lease(system, ShardNames.Scripts, shard))
        : _leaseOfShard.GetOrAdd(id, name => ShardNames.Lease(system, ShardNames.Settings, name[1..]));
}
