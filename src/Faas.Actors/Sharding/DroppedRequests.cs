using System.Runtime.CompilerServices;
using Akka.Actor;
using Akka.Event;
using Faas.Actors.Keys;
using Faas.Actors.Scripts;
using Faas.Actors.Secrets;

namespace Faas.Actors.Sharding;

/// <summary>
/// Sends requests again that the shard region of this node has dropped.
/// <para>
/// Theory of operation. While a shard moves, the region that gives it up drops the requests that other regions have sent to it before they
/// knew: Akka.Cluster.Sharding does not let them overtake each other. Nothing depends on the order of requests here, because each of them
/// has an asker of its own that waits for the reply. So each goes to the region once more, with the same asker, and waits there for the
/// shard's next home. A request that is dropped twice is not sent a third time, which ends a loop when the buffers of the region are full.
/// Akka publishes what a region drops as a dead letter whose message is a <see cref="Dropped"/>.
/// </para>
/// </summary>
public sealed class DroppedRequests : ReceiveActor
{
    private readonly ConditionalWeakTable<object, object> _sentAgain = [];
    private readonly IActorRef _scripts;
    private readonly IActorRef _settings;

    /// <summary>Made by the actor system.</summary>
    /// <param name="scripts">The way to every script's actor.</param>
    /// <param name="settings">The way to the actors of keys and secrets.</param>
    public DroppedRequests(IActorRef scripts, IActorRef settings)
    {
        (_scripts, _settings) = (scripts, settings);
        Receive<DeadLetter>(letter => letter.Message is Dropped, letter => SendAgain((Dropped)letter.Message));
    }

    /// <inheritdoc/>
    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(DeadLetter));

    /// <inheritdoc/>
    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    private void SendAgain(Dropped dropped)
    {
        if (RegionOf(dropped.Message) is { } region && _sentAgain.TryAdd(dropped.Message, dropped.Message))
        {
            region.Tell(dropped.Message, dropped.Sender);
        }
    }

    private IActorRef? RegionOf(object message) => message switch
    {
        IScriptRequest => _scripts,
        IKeyRequest or ISecretRequest => _settings,
        _ => null,
    };
}
