using Akka.Actor;
using Akka.Dispatch;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Reply;
using Faas.Actors.Threads;
using Xunit;

namespace Faas.Actors.Tests.Runs.Reply;

/// <summary>How a caller that is no actor gets its answer.</summary>
public class AwaitedReplyTests
{
    private readonly AwaitedReply _reply = new(new RootActorPath(Address.AllSystems) / "call");

    [Fact]
    public async Task The_first_answer_is_the_answer()
    {
        var first = new RunEnded("1", Outcome.Broken("first"));

        _reply.Tell(first, ActorRefs.Nobody);
        _reply.Tell(new RunEnded("1", Outcome.Broken("second")), ActorRefs.Nobody);

        Assert.Same(first, await _reply.Answer.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task A_failure_is_thrown_to_who_awaits()
    {
        _reply.Tell(new Status.Failure(new InvalidOperationException("a defect")), ActorRefs.Nobody);

        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(() => _reply.Answer.WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.Equal("a defect", thrown.Message);
    }

    [Fact]
    public async Task What_is_no_answer_is_dropped()
    {
        _reply.Tell("hello", ActorRefs.Nobody);
        Assert.False(_reply.Answer.IsCompleted);

        _reply.Tell(new RunRefused("1", RefusalReason.QueueFull, TimeSpan.FromSeconds(1)), ActorRefs.Nobody);

        Assert.IsType<RunRefused>(await _reply.Answer.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task Who_awaits_does_not_go_on_within_whoever_answers()
    {
        var inTell = true;
        var goesOn = ((Func<Task<bool>>)(async () =>
        {
            await _reply.Answer;
            return Volatile.Read(ref inTell);
        }))();

        CallerThread.Run(new ActionRunnable(() =>
        {
            _reply.Tell(new RunEnded("1", Outcome.Broken("answered")), ActorRefs.Nobody);
            Volatile.Write(ref inTell, false);
        }));

        Assert.False(await goesOn.WaitAsync(TimeSpan.FromSeconds(10)));
    }
}
