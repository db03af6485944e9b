using Akka.Actor;

namespace Faas.Actors.Scripts.Registry;

/// <summary>
/// An entity that runs, as its parent knows it: the requests that it has not replied to, and those that wait for its successor.
/// </summary>
internal sealed class TrackedEntity(IActorRef actor)
{
    private readonly List<TrackedReply> _replies = [];

    /// <summary>The requests that came since the entity asked to end, in their order; null: it has not asked.</summary>
    public Queue<(object Message, IActorRef Asker)>? Waiting { get; set; }

    /// <summary>Passes a message on that is no request.</summary>
    public void Tell(object message, IActorRef sender) => actor.Tell(message, sender);

    /// <summary>Passes a request on and remembers its asker until there is a reply.</summary>
    public void Ask(object request, IActorRef asker)
    {
        MakeRoom();
        var reply = new TrackedReply(asker);
        _replies.Add(reply);
        actor.Tell(request, reply);
    }

    /// <summary>Replies to every request that has no reply.</summary>
    public void ReplyToAll(object reply, IActorRef sender)
    {
        foreach (var tracked in _replies)
        {
            tracked.Tell(reply, sender);
        }

        _replies.Clear();
    }

    // The list grows to twice the requests that are open at once, and no further.
    private void MakeRoom()
    {
        if (_replies.Count == _replies.Capacity)
        {
            _replies.RemoveAll(tracked => tracked.HasReplied);
            _replies.EnsureCapacity(2 * (_replies.Count + 1));
        }
    }
}
