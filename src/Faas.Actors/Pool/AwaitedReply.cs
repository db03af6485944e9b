using Akka.Actor;
using Akka.Dispatch;
using Faas.Actors.Dispatch;

namespace Faas.Actors.Pool;

/// <summary>
/// The address of a caller that is no actor and awaits one <see cref="IInvokeReply"/>; what else comes is dropped. Unlike
/// an Ask's it wakes no other thread: who awaits goes on, on the thread that brings the answer, when that is done with
/// what it does (<see cref="CallerThread"/>).
/// </summary>
public sealed class AwaitedReply(ActorPath path) : LocalAddress(path)
{
    private readonly TaskCompletionSource<IInvokeReply> _answer = new();

    /// <summary>The answer, once it has come. Bears no time limit.</summary>
    public Task<IInvokeReply> Answer => _answer.Task;

    /// <inheritdoc/>
    public override void Tell(object message, IActorRef sender)
    {
        if (message is IInvokeReply reply)
        {
            CallerThread.RunAfter(new ActionRunnable(() => _answer.TrySetResult(reply)));
        }
    }
}
