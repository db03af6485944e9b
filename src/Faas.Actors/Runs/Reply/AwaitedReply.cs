using Akka.Actor;
using Akka.Dispatch;
using Faas.Actors.Threads;

namespace Faas.Actors.Runs.Reply;

/// <summary>
/// The address of a caller that is no actor and awaits one <see cref="IRunReply"/>, or a <see cref="Status.Failure"/>; what else comes is dropped. Unlike
/// an Ask's it wakes no other thread: who awaits goes on, on the thread that brings the answer, when that is done with
/// what it does (<see cref="CallerThread"/>).
/// </summary>
public sealed class AwaitedReply(ActorPath path) : LocalAddress(path)
{
    private readonly TaskCompletionSource<IRunReply> _answer = new();

    /// <summary>The answer, once it has come. Bears no time limit.</summary>
    public Task<IRunReply> Answer => _answer.Task;

    /// <inheritdoc/>
    public override void Tell(object message, IActorRef sender)
    {
        switch (message)
        {
            case IRunReply reply:
                CallerThread.RunAfter(new ActionRunnable(() => _answer.TrySetResult(reply)));
                break;
            case Status.Failure failure:
                CallerThread.RunAfter(new ActionRunnable(() => _answer.TrySetException(failure.Cause)));
                break;
        }
    }
}
