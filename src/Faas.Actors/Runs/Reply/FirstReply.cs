using Akka.Actor;
using Faas.Actors.Threads;

namespace Faas.Actors.Runs.Reply;

/// <summary>
/// The address to which a call is answered: lets the first <see cref="IRunReply"/> through to the caller and drops
/// every other message. It stands between the two who may both feel obliged to answer, a sandbox that dies and
/// the pool that sees it die, so that each call has one answer without an agreement between them and without a
/// hop through the pool's mailbox. Local, safe from any thread.
/// </summary>
/// <param name="caller">Who asked.</param>
/// <param name="path">What logs show as this address.</param>
public sealed class FirstReply(ICanTell caller, ActorPath path) : LocalAddress(path)
{
    private int _answered;

    /// <summary>Passes the answer on; false: the call has one already.</summary>
    public bool TryAnswer(IRunReply reply, IActorRef sender)
    {
        if (Interlocked.Exchange(ref _answered, 1) != 0)
        {
            return false;
        }

        caller.Tell(reply, sender);
        return true;
    }

    /// <inheritdoc/>
    public override void Tell(object message, IActorRef sender)
    {
        if (message is IRunReply reply)
        {
            TryAnswer(reply, sender);
        }
    }
}
