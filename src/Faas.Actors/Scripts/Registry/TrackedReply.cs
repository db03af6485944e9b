using Akka.Actor;
using Faas.Actors.Threads;

namespace Faas.Actors.Scripts.Registry;

/// <summary>
/// The sender of one request, as the entity sees it. It passes the first reply on to the asker and drops every later one,
/// so the entity and its parent may both reply without an agreement between them. Safe from any thread.
/// </summary>
/// <param name="asker">Who sent the request.</param>
internal sealed class TrackedReply(IActorRef asker) : LocalAddress(asker.Path)
{
    private IActorRef? _asker = asker;

    /// <summary>Whether the asker has its reply.</summary>
    public bool HasReplied => Volatile.Read(ref _asker) is null;

    /// <inheritdoc/>
    public override void Tell(object message, IActorRef sender) => Interlocked.Exchange(ref _asker, null)?.Tell(message, sender);
}
