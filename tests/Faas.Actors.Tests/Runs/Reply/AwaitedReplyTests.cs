using Akka.Actor;
using Akka.Dispatch;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Reply;
using Faas.Actors.Threads;
using Xunit;

namespace Faas.Actors.Tests.Runs.Reply;

/// <summary>Tests how a caller that is no actor gets its reply.</summary>
public class AwaitedReplyTests
{
    private readonly AwaitedReply _reply = new(new RootActorPath(Address.AllSystems) / "call");

    [Fact]
    public async Task The_first_reply_is_the_reply_however_the_threads_are_scheduled()
    {
        for (var attempt = 0; attempt < 1000; attempt++)
        {
            var address = new AwaitedReply(new RootActorPath(Address.AllSystems) / "call");
            var first = new RunEnded("1", Outcome.Broken("first"));

            address.Tell(first, ActorRefs.Nobody);
            address.Tell(new RunEnded("1", Outcome.Broken("second")), ActorRefs.Nobody);

            Assert.Same(first, await address.Reply.WaitAsync(TimeSpan.FromSeconds(10)));
        }
    }

    [Fact]
    public async Task A_failure_is_thrown_to_the_code_that_awaits()
    {
        _reply.Tell(new Status.Failure(new InvalidOperationException("a defect")), ActorRefs.Nobody);

        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(() => _reply.Reply.WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.Equal("a defect", thrown.Message);
    }

    [Fact]
    public async Task A_message_that_is_no_reply_is_dropped()
    {
        _reply.Tell("hello", ActorRefs.Nobody);
        Assert.False(_reply.Reply.IsCompleted);

        _reply.Tell(new RunRefused("1", RefusalReason.QueueFull, TimeSpan.FromSeconds(1)), ActorRefs.Nobody);

        Assert.IsType<RunRefused>(await _reply.Reply.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task The_code_that_awaits_does_not_go_on_within_the_sender_of_the_reply()
    {
        var inTell = true;
        var goesOn = ((Func<Task<bool>>)(async () =>
        {
            await _reply.Reply;
            return Volatile.Read(ref inTell);
        }))();

        CallerThread.Run(new ActionRunnable(() =>
        {
            _reply.Tell(new RunEnded("1", Outcome.Broken("replied")), ActorRefs.Nobody);
            Volatile.Write(ref inTell, false);
        }));

        Assert.False(await goesOn.WaitAsync(TimeSpan.FromSeconds(10)));
    }
}
