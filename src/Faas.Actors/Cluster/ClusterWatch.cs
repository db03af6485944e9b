using Akka.Actor;
using Akka.Cluster;
using Microsoft.Extensions.Logging;
using AkkaCluster = Akka.Cluster.Cluster;
using AkkaStatus = Akka.Cluster.MemberStatus;

namespace Faas.Actors.Cluster;

/// <summary>Follows what Akka says of the members, for <see cref="ClusterMembership"/>.</summary>
internal sealed partial class ClusterWatch : ReceiveActor
{
    private readonly AkkaCluster _cluster = AkkaCluster.Get(Context.System);
    private readonly ClusterMembership _membership;
    private readonly TimeProvider _time;
    private readonly ILogger<ClusterWatch> _log;
    private Membership _now;

    public ClusterWatch(ClusterMembership membership, TimeProvider time, ILogger<ClusterWatch> log)
    {
        (_membership, _time, _log) = (membership, time, log);
        _now = Membership.Outside(ClusterAddress.Of(_cluster.SelfAddress));
        Receive<ClusterEvent.CurrentClusterState>(state => Follow(First(state)));
        Receive<ClusterEvent.MemberRemoved>(gone => Follow(_now.Without(ClusterAddress.Of(gone.Member.Address))));
        Receive<ClusterEvent.IMemberEvent>(changed => Follow(With(_now, changed.Member)));
        Receive<ClusterEvent.ReachabilityEvent>(changed => Follow(_now.WithReachability(
            ClusterAddress.Of(changed.Member.Address), changed is ClusterEvent.ReachableMember, _time.GetUtcNow())));
    }

    protected override void PreStart() => _cluster.Subscribe(
        Self,
        ClusterEvent.SubscriptionInitialStateMode.InitialStateAsSnapshot,
        typeof(ClusterEvent.IMemberEvent),
        typeof(ClusterEvent.ReachabilityEvent));

    protected override void PostStop() => _cluster.Unsubscribe(Self);

    private void Follow(Membership now)
    {
        LogChange(_now, now);
        _now = now;
        _membership.Set(now);
    }

    private Membership First(ClusterEvent.CurrentClusterState state) => state.Unreachable.Aggregate(
        state.Members.Aggregate(_now, With),
        (now, member) => now.WithReachability(ClusterAddress.Of(member.Address), isReachable: false, _time.GetUtcNow()));

    private Membership With(Membership now, Member member) =>
        now.With(ClusterAddress.Of(member.Address), StateOf(member.Status), [.. member.Roles.Order()], _time.GetUtcNow());

    private static MemberState StateOf(AkkaStatus status) => status switch
    {
        AkkaStatus.Joining => MemberState.Joining,
        AkkaStatus.WeaklyUp => MemberState.WeaklyUp,
        AkkaStatus.Up => MemberState.Up,
        AkkaStatus.Leaving => MemberState.Leaving,
        AkkaStatus.Exiting => MemberState.Exiting,
        _ => MemberState.Down,
    };
}
