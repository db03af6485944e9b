using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Faas.Actors.Scripts;
using Faas.Actors.UseCases;
using Xunit;

namespace Faas.Actors.Tests.UseCases;

/// <summary>Requests to a script's actor whose first way is lost.</summary>
public sealed class ScriptAskTests : TestKit
{
    private static readonly TimeSpan s_never = TimeSpan.FromSeconds(20);
    private static readonly UseCaseOptions s_cluster = new(Isolation.Process, s_never, StorePatience: s_never)
    {
        AskAgainAfter = TimeSpan.FromMilliseconds(50),
    };

    [Fact]
    public async Task A_question_that_was_lost_is_sent_again_and_its_first_reply_counts()
    {
        var script = CreateTestProbe();
        var reply = AskAsync(script, new GetVersion("a", null), s_cluster);

        await script.ExpectMsgAsync<GetVersion>(s_never);
        await script.ExpectMsgAsync<GetVersion>(s_never);
        script.Reply(new VersionNotFound("a", null));

        Assert.IsType<VersionNotFound>(await reply);
    }

    [Fact]
    public async Task A_late_reply_to_the_first_question_counts()
    {
        var script = CreateTestProbe();
        var reply = AskAsync(script, new GetVersion("a", null), s_cluster);

        await script.ExpectMsgAsync<GetVersion>(s_never);
        var first = script.LastSender;
        await script.ExpectMsgAsync<GetVersion>(s_never);
        first.Tell(new VersionNotFound("a", null), script);

        Assert.IsType<VersionNotFound>(await reply);
    }

    [Fact]
    public async Task A_change_is_never_sent_again()
    {
        var script = CreateTestProbe();
        var request = new ReleaseCode("a", []);
        var reply = AskAsync(script, request, s_cluster with { StorePatience = TimeSpan.FromMilliseconds(500) });

        Assert.IsType<StoreUnavailable>(await reply);
        Assert.Same(request, await script.ExpectMsgAsync<ReleaseCode>(s_never));
        await script.ExpectNoMsgAsync(TimeSpan.Zero);
    }

    [Fact]
    public async Task Silence_ends_with_the_patience_however_often_it_was_sent()
    {
        var script = CreateTestProbe();

        var reply = await AskAsync(
            script, new GetVersion("a", null), s_cluster with { StorePatience = TimeSpan.FromMilliseconds(500) });

        Assert.IsType<StoreUnavailable>(reply);
    }

    [Fact]
    public async Task A_caller_that_leaves_ends_the_wait()
    {
        using var leaves = new CancellationTokenSource();
        var script = CreateTestProbe();
        var reply = ScriptAsk.AskAsync(WayTo(script), new GetVersion("a", null), s_cluster, leaves.Token);
        await script.ExpectMsgAsync<GetVersion>(s_never);

        await leaves.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reply);
    }

    private static RequiredActorUnderTest<ScriptRegistry> WayTo(TestProbe script) => new(script);

    private static Task<IWithScriptPath> AskAsync(TestProbe script, IScriptRequest request, UseCaseOptions options) =>
        ScriptAsk.AskAsync(WayTo(script), request, options, CancellationToken.None);
}
