using System.Buffers;
using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Faas.Actors.Forwarding;
using Faas.Actors.Placement;
using Faas.Actors.Pool;
using Faas.Actors.Pool.Scheduler;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Output;
using Faas.Actors.Runs.Reply;
using Faas.Actors.Scripts;
using Faas.Actors.Tests.UseCases;
using Faas.Actors.UseCases;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Faas.Actors.Tests.Forwarding;

/// <summary>The node that has got a call, with probes for its pool and for the other node.</summary>
public sealed class ForwarderTests : TestKit
{
    private static readonly TimeSpan s_never = TimeSpan.FromSeconds(20);
    private static readonly Outcome s_one = new(Reason.Ok)
    {
        Data = new ResultData("1"u8.ToArray(), DataType.Number),
        Warmth = Warmth.Warm,
    };

    private readonly Run _run = new(
        "call~1", "p", ScriptCode.Of(Language.Python, "return 1"), RunMode.Execute, Isolation.Process, "{}"u8.ToArray(), Stream: false, 7);

    private readonly StoredRun _stored = new(
        "p",
        new FoundScript(
            new ScriptVersion(7, Language.Python, "00", 1, DateTimeOffset.UnixEpoch, ScriptSettings.Default),
            ScriptCode.Of(Language.Python, "return 1")),
        new RunArguments("call", "{}"u8.ToArray()));

    private readonly ManualTime _time = new(DateTimeOffset.UnixEpoch);
    private readonly TestProbe _pool, _node;
    private readonly OtherPools _others;
    private readonly OtherExchanges _exchanges = new();
    private readonly OpenForwards _open = new();
    private readonly Parcels _parcels;
    private readonly Forwarder _forwarder;
    private long _news;

    public ForwarderTests()
    {
        (_pool, _node) = (CreateTestProbe("pool"), CreateTestProbe("node"));
        _pool.SetAutoPilot(new DelegateAutoPilot((asker, message) =>
        {
            asker.Tell(new PoolPlace(((LookForPlace)message).Run.RunId, HasWarm: false, HasSpare: true, 2, 2, 0, IsDraining: false));
            return AutoPilot.KeepRunning;
        }));
        (_others, _parcels) = (new OtherPools(_time), new Parcels(Sys.Materializer()));
        _exchanges.Set("b:1", _node);
        _exchanges.Own = TestActor;
        _forwarder = new Forwarder(
            new RequiredActorUnderTest<SandboxPool>(_pool),
            _others,
            _exchanges,
            _open,
            _parcels,
            new WarmVersions(_exchanges),
            new UseCaseOptions(Isolation.Process, s_never, s_never),
            NullLogger<Forwarder>.Instance);
    }

    [Fact]
    public async Task A_run_whose_code_is_bound_on_another_node_goes_there_and_its_outcome_comes_back()
    {
        BoundElsewhere();
        var running = _forwarder.TryRunAsync(_stored, _run, default);
        var forward = await _node.ExpectMsgAsync<ForwardRun>(s_never);
        Assert.Equal("p", RunOrder.Read(forward.Order.Whole).Path);
        await ReplyAsync(forward, s_one, costFollows: true);

        var reply = (await running)!;
        Assert.Equal((s_one.Reason, true), (((RunEnded)reply.Reply).Outcome.Reason, ((RunEnded)reply.Reply).CostFollows));
        _open.Take(new RunCost(forward.Number, new Usage(TimeSpan.Zero, TimeSpan.Zero, 5)));
        Assert.Equal(5, (await reply.Measured).MaxRssBytes);
        Assert.NotNull(_others.Choose(_run, Spare)); // its seat is free again
    }

    [Fact]
    public async Task A_run_that_no_other_node_is_better_placed_for_stays()
    {
        Assert.Null(await _forwarder.TryRunAsync(_stored, _run, default));
        BoundElsewhere();
        _exchanges.Remove("b:1");
        Assert.Null(await _forwarder.TryRunAsync(_stored, _run, default));
    }

    [Fact]
    public async Task A_run_that_the_other_node_declines_stays()
    {
        BoundElsewhere();
        var running = _forwarder.TryRunAsync(_stored, _run, default);
        _open.Take(new RunDeclined((await _node.ExpectMsgAsync<ForwardRun>(s_never)).Number));
        Assert.Null(await running);
    }

    [Fact]
    public async Task A_run_that_an_operator_cancels_is_cancelled_where_it_is_executed()
    {
        BoundElsewhere();
        Assert.False(_forwarder.Cancel(_run.RunId));
        var running = _forwarder.TryRunAsync(_stored, _run, default);
        var forward = await _node.ExpectMsgAsync<ForwardRun>(s_never);

        Assert.False(_forwarder.Cancel("another"));
        Assert.True(_forwarder.Cancel(_run.RunId));
        Assert.Equal(forward.Number, (await _node.ExpectMsgAsync<CancelForwarded>(s_never)).Number);

        await ReplyAsync(forward, Outcome.Cancelled, costFollows: false);
        Assert.Equal(Reason.Cancelled, ((RunEnded)(await running)!.Reply).Outcome.Reason);
        Assert.False(_forwarder.Cancel(_run.RunId));
    }

    [Fact]
    public async Task A_run_whose_node_is_gone_ends_with_reason_sandbox_and_is_not_run_again()
    {
        BoundElsewhere();
        var running = _forwarder.TryRunAsync(_stored, _run, default);
        await _node.ExpectMsgAsync<ForwardRun>(s_never);
        _open.Lose("c:1");
        Assert.False(running.IsCompleted);
        _open.Lose("b:1");
        var outcome = ((RunEnded)(await running)!.Reply).Outcome;
        Assert.Equal((Reason.Sandbox, "The node b:1 of the cluster, which executed the run, is gone."), (outcome.Reason, outcome.Detail));
    }

    [Fact]
    public async Task A_caller_that_leaves_has_the_other_node_told()
    {
        BoundElsewhere();
        using var leaving = new CancellationTokenSource();
        var running = _forwarder.TryRunAsync(_stored, _run, leaving.Token);
        var forward = await _node.ExpectMsgAsync<ForwardRun>(s_never);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Equal(forward.Number, (await _node.ExpectMsgAsync<AbandonRun>(s_never)).Number);
    }

    [Fact]
    public async Task Output_of_another_node_is_a_stream_of_this_one()
    {
        BoundElsewhere();
        var running = _forwarder.TryRunAsync(_stored, _run with { Stream = true }, default);
        var forward = await _node.ExpectMsgAsync<ForwardRun>(s_never);
        OutputEvent[] events = [new OutputLine(OutputStream.Stderr, "line"u8.ToArray(), Partial: false), new OutputEnded(s_one)];
        _open.Take(new RunStreams(
            forward.Number,
            Warmth.Warm,
            await Source.From(OutputWriter.Pieces(events)).RunWith(StreamRefs.SourceRef<BytePiece>(), Sys.Materializer())));

        var streaming = Assert.IsType<RunStreaming>((await running)!.Reply);
        var got = await streaming.Output.RunWith(Sink.Seq<IReadOnlyList<OutputEvent>>(), Sys.Materializer());
        Assert.Equal(("line", Reason.Ok), (Show(got[0][0]), ((OutputEnded)got[^1][^1]).Outcome.Reason));
        Assert.Equal(Warmth.Warm, streaming.Warmth);
    }

    // References to streams notice the end of the other stream, and not that of its node.
    [Fact]
    public async Task Output_of_a_node_that_is_gone_ends_with_reason_sandbox_after_what_had_come()
    {
        BoundElsewhere();
        var running = _forwarder.TryRunAsync(_stored, _run with { Stream = true }, default);
        var forward = await _node.ExpectMsgAsync<ForwardRun>(s_never);
        OutputEvent[] line = [new OutputLine(OutputStream.Stdout, "line"u8.ToArray(), Partial: false)];
        var output = Source.From(OutputWriter.Pieces(line)).Concat(Source.Never<BytePiece>());
        _open.Take(new RunStreams(
            forward.Number, Warmth.Warm, await output.RunWith(StreamRefs.SourceRef<BytePiece>(), Sys.Materializer())));
        var streaming = Assert.IsType<RunStreaming>((await running)!.Reply);
        var got = streaming.Output.RunWith(ChannelSink.AsReader<IReadOnlyList<OutputEvent>>(1), Sys.Materializer());
        Assert.Equal("line", Show((await got.ReadAsync())[0]));

        _open.Lose("b:1");

        var outcome = ((OutputEnded)Assert.Single(await got.ReadAsync())).Outcome;
        Assert.Equal((Reason.Sandbox, "The node b:1 of the cluster, which executed the run, is gone."), (outcome.Reason, outcome.Detail));
        Assert.False(await got.WaitToReadAsync());
        Assert.False(_forwarder.Cancel(_run.RunId)); // nothing is left of it
    }

    [Fact]
    public async Task A_long_outcome_whose_node_is_lost_on_the_way_is_a_run_of_reason_sandbox()
    {
        BoundElsewhere();
        var running = _forwarder.TryRunAsync(_stored, _run, default);
        var forward = await _node.ExpectMsgAsync<ForwardRun>(s_never);
        var pieces = await Source.Never<BytePiece>().RunWith(StreamRefs.SourceRef<BytePiece>(), Sys.Materializer());
        _open.Take(new RunReplied(forward.Number, new Parcel(default, pieces)));

        _open.Lose("b:1");

        var outcome = ((RunEnded)(await running)!.Reply).Outcome;
        Assert.Equal((Reason.Sandbox, "The node b:1 of the cluster, which executed the run, is gone."), (outcome.Reason, outcome.Detail));
    }

    [Fact]
    public void Of_sandboxes_that_are_to_stay_a_node_keeps_its_part_and_tells_the_others_of_the_version_once()
    {
        _exchanges.OwnNode = "a:1";
        var run = _run with { MinWarm = 4 };
        Assert.Equal(2, _forwarder.Share(run, _stored).MinWarm);
        var told = Assert.IsType<KeepSandboxes>(ExpectMsg<NodeExchange.TellOthers>(s_never).Message);
        Assert.Equal(("a:1", "p"), (told.Node, RunOrder.Read(new ReadOnlySequence<byte>(told.Order)).Path));

        Assert.Equal(2, _forwarder.Share(run, _stored).MinWarm);
        _exchanges.Remove("b:1");
        Assert.Equal(4, _forwarder.Share(run, _stored).MinWarm);
        Assert.Null(_forwarder.Share(_run, _stored).MinWarm); // says nothing of it
        ExpectNoMsg(TimeSpan.Zero);

        _forwarder.LetGo("p");
        Assert.Equal(new LetGoSandboxes("a:1", "p"), ExpectMsg<NodeExchange.TellOthers>(s_never).Message);
        Assert.Equal(4, _forwarder.Share(run, _stored).MinWarm);
        ExpectMsg<NodeExchange.TellOthers>(s_never);
    }

    [Fact]
    public async Task Bytes_that_are_too_many_for_one_message_go_in_pieces()
    {
        var bytes = new byte[(3 * Parcels.MostInOne) + 5];
        Random.Shared.NextBytes(bytes);
        var parcel = await _parcels.PackAsync(new ReadOnlySequence<byte>(bytes));
        Assert.True(parcel.Whole.IsEmpty);
        Assert.Equal(bytes, (await _parcels.UnpackAsync(parcel)).ToArray());
        Assert.Null((await _parcels.PackAsync(new ReadOnlySequence<byte>(bytes, 0, Parcels.MostInOne))).Pieces);
    }

    private static PoolPlace Spare => new("run", HasWarm: false, HasSpare: true, 2, 2, 0, IsDraining: false);

    private void BoundElsewhere()
    {
        var seats = new Dictionary<long, int> { [PoolDigest.HashOf(_run.BindingKey!)] = 1 };
        _others.Take("b:1", new DigestNews(1, ++_news, true, 2, 2, 0, false, new Dictionary<string, int>(), seats));
    }

    private async Task ReplyAsync(ForwardRun forward, Outcome outcome, bool costFollows) =>
        _open.Take(new RunReplied(forward.Number, await _parcels.PackAsync(RunOutcome.ToBytes(outcome, costFollows))));

    private static string Show(OutputEvent line) => System.Text.Encoding.UTF8.GetString(((OutputLine)line).Bytes.Span);
}
