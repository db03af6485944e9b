using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Coordination;
using Faas.Actors.Storage.Redis;

namespace Faas.Actors.Sharding;

/// <summary>Hands the leases of this process to the actor system.</summary>
/// <param name="leases">The leases; they belong to the host, not to the actor system.</param>
/// <param name="lent">For how long short loans of what a lease covers are still out.</param>
public sealed class ShardLeaseSetup(HeldLeases leases, Func<string, TimeSpan> lent) : Setup
{
    /// <summary>The leases.</summary>
    public HeldLeases Leases => leases;

    /// <summary>Gives a lease back; others get it when no short loan of what it covers is out.</summary>
    public Task ReleaseAsync(string name) => leases.ReleaseAsync(name, lent(name));
}

/// <summary>
/// The lease of a shard, as Akka.Cluster.Sharding asks for it: a shard's entities run only on the node that has it. Made by Akka, by the
/// name of its class in the section <c>faas-shard-lease</c>.
/// </summary>
public sealed class RedisShardLease(LeaseSettings settings, ExtendedActorSystem system) : Lease(settings)
{
    private readonly ShardLeaseSetup _setup = system.Settings.Setup.Get<ShardLeaseSetup>().Value;

    /// <inheritdoc/>
    public override Task<bool> Acquire() => Acquire(_ => { });

    /// <inheritdoc/>
    public override Task<bool> Acquire(Action<Exception?> leaseLostCallback) =>
        _setup.Leases.AcquireAsync(Settings.LeaseName, leaseLostCallback);

    /// <inheritdoc/>
    public override async Task<bool> Release()
    {
        await _setup.ReleaseAsync(Settings.LeaseName);
        return true;
    }

    /// <inheritdoc/>
    public override bool CheckLease() => _setup.Leases.Left(Settings.LeaseName) > TimeSpan.Zero;
}
