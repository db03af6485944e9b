using Akka.Actor;
using Akka.Dispatch;
using Faas.Actors.Threads;

namespace Faas.Actors.Runs.Reply;

/// <summary>
/// The address of a caller that is no actor and awaits one <see cref="IRunReply"/> or <see cref="Status.Failure"/>, and perhaps a <see
/// cref="RunMeasured"/> after it. Other messages are dropped. Unlike the reply to an Ask, this one wakes no other thread: the code that
/// awaits it goes on on the thread that brings the reply, once the work in progress there is done (<see cref="CallerThread"/>).
/// </summary>
public sealed class AwaitedReply(ActorPath path) : LocalAddress(path)
{
    private readonly TaskCompletionSource<IRunReply> _reply = new();
    private readonly TaskCompletionSource<Usage> _measured = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _isReplied; // decided by the sender's thread: two threads could complete the task in another order

    /// <summary>Completes with the reply, or fails with the cause of the failure. It has no time limit.</summary>
    public Task<IRunReply> Reply => _reply.Task;

    /// <summary>Completes with what the run has cost, if it was replied to before that was known; else never.</summary>
    public Task<Usage> Measured => _measured.Task;

    /// <inheritdoc/>
    public override void Tell(object message, IActorRef sender)
    {
        switch (message)
        {
            case IRunReply reply:
                CompleteOnce(() => _reply.SetResult(reply));
                break;
            case RunMeasured measured:
                _measured.TrySetResult(measured.Usage);
                break;
            case Status.Failure failure:
                CompleteOnce(() => _reply.SetException(failure.Cause));
                break;
        }
    }

    private void CompleteOnce(Action complete)
    {
        if (Interlocked.Exchange(ref _isReplied, 1) == 0)
        {
            CallerThread.RunAfter(new ActionRunnable(complete));
        }
    }
}
