using Akka.Actor;
using Faas.Actors.Threads;

namespace Faas.Actors.Runs.Reply;

/// <summary>
/// The address for the replies to one run. It passes the first <see cref="IRunReply"/> on to the caller, and what the run has cost (<see
/// cref="RunMeasured"/>), which comes after it; it drops every other message.
/// Two senders may both reply, a sandbox that dies and the pool that sees it die. So each run gets one reply although the two do not
/// agree on who sends it, and the reply takes no extra step through the pool's mailbox. Local; safe from any thread.
/// </summary>
/// <param name="caller">The sender of the run.</param>
/// <param name="path">The path that logs show.</param>
public sealed class FirstReply(ICanTell caller, ActorPath path) : LocalAddress(path)
{
    private int _isSent;

    /// <summary>Passes a reply on. False: the caller has one already.</summary>
    public bool TryReply(IRunReply reply, IActorRef sender)
    {
        if (Interlocked.Exchange(ref _isSent, 1) != 0)
        {
            return false;
        }

        caller.Tell(reply, sender);
        return true;
    }

    /// <inheritdoc/>
    public override void Tell(object message, IActorRef sender)
    {
        switch (message)
        {
            case IRunReply reply:
                TryReply(reply, sender);
                break;
            case RunMeasured measured:
                caller.Tell(measured, sender);
                break;
        }
    }
}
