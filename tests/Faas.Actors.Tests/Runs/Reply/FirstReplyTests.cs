using Akka.Actor;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Reply;
using Xunit;

namespace Faas.Actors.Tests.Runs.Reply;

public class FirstReplyTests
{
    private static readonly ActorPath s_path = new RootActorPath(Address.AllSystems) / "calls";

    [Fact]
    public async Task The_first_reply_and_what_the_run_has_cost_reach_the_caller()
    {
        var caller = new AwaitedReply(s_path);
        var first = new FirstReply(caller, s_path);
        var usage = new Usage(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), 3);

        first.Tell(new RunEnded("a", Outcome.Cancelled) { CostFollows = true }, ActorRefs.Nobody);
        first.Tell(new RunEnded("b", Outcome.Cancelled), ActorRefs.Nobody);
        first.Tell(new RunMeasured("a", usage), ActorRefs.Nobody);

        Assert.Equal("a", Assert.IsType<RunEnded>(await caller.Reply).RunId);
        Assert.True(caller.Measured.IsCompletedSuccessfully);
        Assert.Equal(usage, await caller.Measured);
    }

    [Fact]
    public void A_second_reply_is_not_taken()
    {
        var first = new FirstReply(new AwaitedReply(s_path), s_path);
        Assert.True(first.TryReply(new RunEnded("a", Outcome.Cancelled), ActorRefs.Nobody));
        Assert.False(first.TryReply(new RunEnded("a", Outcome.Cancelled), ActorRefs.Nobody));
    }
}
