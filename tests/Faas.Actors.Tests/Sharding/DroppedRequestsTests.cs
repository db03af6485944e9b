using Akka.Actor;
using Akka.Event;
using Akka.TestKit.Xunit2;
using Faas.Actors.Keys;
using Faas.Actors.Scripts;
using Faas.Actors.Secrets;
using Faas.Actors.Sharding;
using Xunit;

namespace Faas.Actors.Tests.Sharding;

public sealed class DroppedRequestsTests : TestKit
{
    [Fact]
    public void A_request_that_a_region_has_dropped_is_sent_again_once_with_its_asker()
    {
        var (scripts, settings, asker) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        Sys.ActorOf(Props.Create(() => new DroppedRequests(scripts, settings)));
        AwaitAssert(() =>
        {
            Drop(new GetVersion("started", null));
            scripts.ExpectMsg<GetVersion>(TimeSpan.FromMilliseconds(100));
        });

        var question = new GetVersion("p", null);
        Drop(question);
        Drop(question);
        Drop("of another kind");
        Drop(GetKeys.Instance);
        Drop(GetSecrets.Instance);
        Drop(new GetVersion("last", null));

        scripts.FishForMessage<GetVersion>(request => request.Path == "p");
        Assert.Equal(asker.Ref, scripts.Sender);
        Assert.Equal("last", scripts.ExpectMsg<GetVersion>().Path);
        settings.ExpectMsg<GetKeys>();
        Assert.Equal(asker.Ref, settings.Sender);
        settings.ExpectMsg<GetSecrets>();

        // As a region does it.
        void Drop(object message) => Sys.DeadLetters.Tell(new Dropped(message, "handoff", asker, ActorRefs.NoSender));
    }
}
