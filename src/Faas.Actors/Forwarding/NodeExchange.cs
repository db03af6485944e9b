using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Tools.PublishSubscribe;
using Akka.Hosting;
using Faas.Actors.Cluster;
using Faas.Actors.Placement;
using Faas.Actors.Pool;
using Faas.Actors.Pool.Scheduler;

namespace Faas.Actors.Forwarding;

/// <summary>
/// The one actor of a node to which the others speak about runs: it takes runs that they send, replies to those that this node has sent,
/// and news of their pools; and it tells them of this node's pool, twice a second, where that has changed.
/// </summary>
internal sealed class NodeExchange : ReceiveActor, IWithTimers
{
    /// <summary>The name of the actor.</summary>
    public const string Name = "node-exchange";

    private const string Topic = "pool-news";
    private static readonly TimeSpan s_betweenLooks = TimeSpan.FromMilliseconds(500);

    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);
    private readonly IActorRef _news = DistributedPubSub.Get(Context.System).Mediator;
    private readonly DigestWriter _writer = new(DateTime.UtcNow.Ticks);
    private readonly string _self;

    public NodeExchange(
        IRequiredActor<SandboxPool> pool,
        ForwardedRuns runs,
        OpenForwards open,
        OtherPools others,
        OtherExchanges exchanges,
        WarmVersions warm)
    {
        _self = exchanges.OwnNode = ClusterAddress.Of(_cluster.SelfAddress).ToString();
        void ShareAnew()
        {
            foreach (var run in warm.Shares())
            {
                pool.ActorRef.Tell(new KeepWarm(run));
            }
        }

        Receive<ForwardRun>(forward => { _ = runs.ExecuteAsync(forward, Sender, Self); });
        Receive<AbandonRun>(abandon => runs.Abandon(Sender, abandon.Number));
        Receive<CancelForwarded>(cancel =>
        {
            if (runs.IdOf(Sender, cancel.Number) is { } id)
            {
                pool.ActorRef.Tell(new CancelRun(id));
            }
        });
        Receive<IOfForwardedRun>(open.Take);
        Receive<IToldToAll>(told => told.Node == _self, _ => { });
        Receive<PoolNews>(news =>
        {
            if (exchanges.Set(news.Node, Sender))
            {
                ShareAnew();
                foreach (var version in warm.For(news.Node))
                {
                    Sender.Tell(new KeepSandboxes(_self, version));
                }
            }

            if (!others.Take(news.Node, news.News))
            {
                Sender.Tell(WantWholeNews.Instance);
            }
        });
        Receive<TellOthers>(tell => _news.Tell(new Publish(Topic, tell.Message)));
        Receive<KeepSandboxes>(keep => { _ = runs.KeepAsync(keep.Order); });
        Receive<LetGoSandboxes>(let =>
        {
            warm.LetGo(let.Path);
            pool.ActorRef.Tell(new LetGo(let.Path));
        });
        Receive<WantWholeNews>(_ => _writer.WantWhole());
        Receive<Look>(_ => pool.ActorRef.Tell(GetPoolDigest.Instance));
        Receive<PoolDigest>(digest =>
        {
            if (_writer.Next(digest) is { } news)
            {
                _news.Tell(new Publish(Topic, new PoolNews(_self, news)));
            }
        });
        Receive<ClusterEvent.MemberRemoved>(gone =>
        {
            var node = ClusterAddress.Of(gone.Member.Address).ToString();
            others.Forget(node);
            if (exchanges.Remove(node))
            {
                ShareAnew();
            }

            open.Lose(node);
            runs.Abandon(gone.Member.Address);
        });
        Receive<ClusterEvent.CurrentClusterState>(_ => { });
        Receive<SubscribeAck>(_ => { });
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    protected override void PreStart()
    {
        _cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsSnapshot, typeof(ClusterEvent.MemberRemoved));
        _news.Tell(new Subscribe(Topic, Self));
        Timers.StartPeriodicTimer(Look.Instance, Look.Instance, s_betweenLooks);
    }

    /// <inheritdoc/>
    protected override void PostStop() => _cluster.Unsubscribe(Self);

    /// <summary>Has this node tell the others something.</summary>
    internal sealed record TellOthers(object Message) : INoSerializationVerificationNeeded;

    private sealed class Look : INoSerializationVerificationNeeded
    {
        public static Look Instance { get; } = new();
    }
}
