using Akka.Actor;
using Akka.TestKit;
using Faas.Actors.Pool;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Recent;
using Faas.Actors.Runs.Reply;
using Faas.Actors.Scripts;
using Faas.Actors.Telemetry;
using Faas.Actors.Tests.Storage.Redis;
using Faas.Actors.Tests.Telemetry;
using Faas.Actors.UseCases.Kept;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Faas.Actors.Tests.UseCases.Kept;

/// <summary>The workers on a store in memory; the test is the pool.</summary>
public sealed class KeptWorkersTests : UseCaseTestKit
{
    private static readonly KeptRunsOptions s_options = KeptExample.Options with { Concurrency = 1, ResultBytes = 2, LogBytes = 30 };
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly StoreException s_away = new("It is away.");
    private readonly KeptRunsInMemory _runs = new();
    private readonly LifetimeOnPaper _lifetime = new();
    private readonly NodesOnPaper _nodes = new();
    private readonly KeptSignal _signal = new(1);
    private readonly KeptEnds _ends = new();
    private readonly Measured _measured = new();
    private readonly KeptWorkers _workers;

    public KeptWorkersTests()
    {
        Uploaded();
        var accept = new AcceptRun(Scripts, Options, s_options, _runs, _signal);
        var end = new EndKeptRun(_runs, new HandOver(accept, s_options, TimeProvider.System));
        var watch = new KeptWatch(
            s_options, _runs, end, _signal, _nodes, new RequiredActorUnderTest<SandboxPool>(Pool), new KeptMeters(_measured),
            NullLogger<KeptWatch>.Instance);
        var execution = new KeptExecution(RunScript, s_options, _runs);
        var seats = new KeptSeats(_nodes, s_options);
        _workers = new KeptWorkers(
            s_options, _runs, execution, end, _signal, _ends, seats, watch, _nodes, _lifetime, NullLogger<KeptWorkers>.Instance);
    }

    [Fact]
    public async Task A_run_is_executed_as_a_call_is_and_its_end_is_written()
    {
        await _workers.StartAsync(default);
        await AcceptAsync("call~k1");
        await ReplyAsync(run =>
        {
            Assert.Equal(("call~k1", "math/add", 1L, true, true), (run.RunId, run.Queue, run.Version, run.WithLogs, run.WithUsage));
            return FortyTwo with { Logs = "first\nsecond\nthird\n" };
        });
        var ended = await EndedAsync("call~k1");
        Assert.Equal(("ok", DataType.Number, 2, 1, true), (
            ended.End!.Reason, ended.End.Type, ended.End.ResultBytes, ended.Attempt, ended.Log.Count < ended.Lines));
        Assert.Equal(("42", "third"), (System.Text.Encoding.UTF8.GetString(ended.Result.Span), Assert.Single(ended.Log).Text));

        await AcceptAsync("call~k2");
        await ReplyAsync(_ => FortyTwo with { Data = new ResultData("123"u8.ToArray(), DataType.Number) });
        ended = await EndedAsync("call~k2");
        Assert.Equal((true, 3, 0), (ended.End!.ResultCut, ended.End.ResultBytes, ended.Result.Length));
        await StopAsync();
    }

    [Fact]
    public async Task An_end_waits_until_the_store_takes_it_and_the_run_is_not_executed_again()
    {
        await _workers.StartAsync(default);
        await AcceptAsync("call~k1");
        await ReplyAsync(_ =>
        {
            _runs.Failure = s_away;
            return FortyTwo;
        });
        await Task.Yield();
        (_runs.LostReply, _runs.Failure) = (s_away, null); // the store has it then, and says nothing
        await EndedAsync("call~k1");
        _runs.LostReply = null;
        await AcceptAsync("call~k2");
        await ReplyAsync(run =>
        {
            Assert.Equal("call~k2", run.RunId);
            return FortyTwo;
        });
        Assert.Equal(1, (await EndedAsync("call~k2")).Attempt);
        await StopAsync();
    }

    [Fact]
    public async Task A_run_that_was_given_by_a_reply_that_got_lost_is_executed_once()
    {
        await _workers.StartAsync(default);
        await Eventually.HoldsAsync(() => _runs.Takes > 0, s_patience, () => "no worker has looked");
        _runs.LostReply = s_away;
        await Assert.ThrowsAsync<StoreException>(() => AcceptAsync("call~k1"));
        _signal.Set();
        await Eventually.HoldsAsync(() => _runs.All[0].Stage == RunStage.Running, s_patience, () => "it was not taken");
        _runs.LostReply = null;
        await ReplyAsync(_ => FortyTwo);
        Assert.Equal(("ok", 1), ((await EndedAsync("call~k1")).End!.Reason, _runs.All[0].Attempt));
        await StopAsync();
    }

    [Fact]
    public async Task What_the_pool_refuses_waits_again_and_what_cannot_run_ends()
    {
        Registry.SetAutoPilot(new DelegateAutoPilot((asker, message) =>
        {
            asker.Tell(new VersionNotFound("math/add", ((GetVersion)message).Version, [1]));
            return AutoPilot.KeepRunning;
        }));
        await AcceptAsync("call~k1");
        await AcceptAsync("call~k2", version: 7);
        await _workers.StartAsync(default);
        var submitted = await Pool.ExpectMsgAsync<SubmitRun>(s_patience);
        Pool.Reply(new RunRefused(submitted.Run.RunId, RefusalReason.Draining, TimeSpan.Zero));
        await Eventually.HoldsAsync(() => _runs.All[0] is { Stage: RunStage.Queued, Attempt: 0, Returns: 1 }, s_patience, () => "it did not return");
        await ReplyAsync(_ => FortyTwo);
        Assert.Equal(("ok", 1), ((await EndedAsync("call~k1")).End!.Reason, _runs.All[0].Attempt));
        Assert.Equal("not_found", (await EndedAsync("call~k2")).End!.Reason);
        Assert.Equal(7, (await Registry.ExpectMsgAsync<GetVersion>(s_patience)).Version);
        await StopAsync();
    }

    [Fact]
    public async Task A_start_ends_what_earlier_starts_have_left_and_executes_none_of_it()
    {
        foreach (var (id, node) in new[] { ("call~k1", _nodes.Own), ("call~k2", "another machine") })
        {
            await AcceptAsync(id);
            await _runs.TakeAsync(new KeptSeat(node, "earlier", 0), default);
        }

        _runs.Failure = s_away; // the start does not wait for the store
        await _workers.StartAsync(default);
        _runs.Failure = null;
        Assert.Equal(("sandbox", "sandbox"), ((await EndedAsync("call~k1")).End!.Reason, (await EndedAsync("call~k2")).End!.Reason));
        await StopAsync();
        await Pool.ExpectNoMsgAsync(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_run_whose_version_says_so_is_started_again_until_it_is_well_or_was_started_often_enough()
    {
        var wait = new AwaitKeptRun(_runs, _ends);
        await AcceptAsync("call~k1", retry: new RetryPolicy(3));
        await AcceptAsync("call~k2", retry: new RetryPolicy(2) { On = RetryReasons.Of([RetryReason.Timeout]) });
        await _runs.TakeAsync(new KeptSeat(_nodes.Own, "earlier", 0), default); // its server ends
        var waiting = wait.ExecuteAsync("call~k1", s_patience, default);
        await _workers.StartAsync(default);
        await ReplyAsync(run =>
        {
            Assert.Equal(("call~k1", "sandbox"), (run.RunId, Find("call~k1").Failure!.Reason));
            return Outcome.Broken("It broke.") with { Logs = "first\n" };
        });
        await ReplyAsync(_ => FortyTwo with { Logs = "second\n" });
        var ended = (await waiting)!;
        Assert.Equal(("ok", 3, 2L, "second"), (ended.End!.Reason, ended.Attempt, ended.Lines, ended.Log[^1].Text));
        Assert.Equal(("sandbox", "It broke."), (ended.Failure!.Reason, ended.Failure.Detail));

        await ReplyAsync(_ => Outcome.Broken("It broke."));
        Assert.Equal(("sandbox", 1), ((await EndedAsync("call~k2")).End!.Reason, Find("call~k2").Attempt)); // not a reason of its policy
        await AcceptAsync("call~k3", retry: new RetryPolicy(2));
        await ReplyAsync(_ => Outcome.Broken("First."));
        await ReplyAsync(_ => Outcome.Broken("Second."));
        ended = await EndedAsync("call~k3");
        Assert.Equal(("Second.", "First.", 2), (ended.End!.Detail, ended.Failure!.Detail, ended.Attempt));
        await StopAsync();
    }

    [Fact]
    public async Task A_run_hands_its_value_or_its_failure_on_and_the_records_name_each_other()
    {
        var to = new KeptDestination("math/add") { Version = "1" };
        var then = new KeptThen { Success = to with { Then = new KeptThen { Failure = to } }, Failure = to };
        await AcceptAsync("call~k1", then: then);
        await _workers.StartAsync(default);
        await ReplyAsync(_ => FortyTwo with { Data = new ResultData("12345"u8.ToArray(), DataType.Number) }); // longer than what is kept
        await ReplyAsync(run =>
        {
            Assert.Equal("12345", System.Text.Encoding.UTF8.GetString(run.Input.Span));
            return Outcome.Broken("It broke.");
        });
        var told = "";
        await ReplyAsync(run =>
        {
            told = System.Text.Encoding.UTF8.GetString(run.Input.Span);
            return Outcome.Broken("It broke, too.");
        });
        var first = await EndedAsync("call~k1");
        var second = await EndedAsync(first.Next!);
        var third = await EndedAsync(second.Next!);
        Assert.Equal(((string?)null, (int?)null), (first.Call.Previous, first.Call.Depth));
        Assert.Equal((first.Id, 1), (second.Call.Previous, second.Call.Depth!.Value));
        Assert.Equal((second.Id, 2), (third.Call.Previous, third.Call.Depth!.Value));
        Assert.Equal((null, null, true), (third.Next, third.NextRefused, third.IsDead)); // the chain ends here
        Assert.StartsWith($"{{\"run\":\"{second.Id}\",\"path\":\"math/add\",\"version\":1,\"reason\":\"sandbox\"", told, StringComparison.Ordinal);
        Assert.EndsWith("\"detail\":\"It broke.\",\"input\":12345}", told, StringComparison.Ordinal);
        await StopAsync();
    }

    [Fact]
    public async Task What_cannot_be_handed_on_is_said_in_the_record_and_a_failed_attempt_is_not_the_end()
    {
        var to = new KeptDestination("math/add") { Version = "1" };
        await AcceptAsync("call~k1", then: new KeptThen { Failure = to }, retry: new RetryPolicy(2));
        await AcceptAsync("call~k2", then: new KeptThen { Success = to }, depth: s_options.ChainDepth);
        await AcceptAsync("call~k3", then: new KeptThen { Failure = to });
        await _runs.TakeAsync(new KeptSeat(_nodes.Own, "earlier", 0), default); // its server ends
        await _workers.StartAsync(default);
        await ReplyAsync(run =>
        {
            Assert.Equal(("call~k1", 3), (run.RunId, _runs.All.Count)); // nothing is handed on before the last attempt
            return FortyTwo;
        });
        await ReplyAsync(_ => FortyTwo);
        Assert.Equal(
            "It would be run 11 after the first one of its chain; allowed are 10 (faas.runs.kept.chain-depth).",
            (await EndedAsync("call~k2")).NextRefused);
        Assert.Equal((null, null), ((await EndedAsync("call~k1")).Next, Find("call~k1").NextRefused)); // it succeeded in the end
        _runs.Acceptance = KeptAcceptance.PathFull;
        await ReplyAsync(_ => Outcome.Broken("It broke."));
        Assert.Equal(
            "1000 asynchronous runs of the script \"math/add\" wait already (faas.runs.kept.queue-per-path).",
            (await EndedAsync("call~k3")).NextRefused);
        await StopAsync();
    }

    [Fact]
    public async Task A_destination_that_cannot_be_looked_up_is_looked_up_again_and_one_that_is_gone_is_said()
    {
        var asked = 0;
        Registry.SetAutoPilot(new DelegateAutoPilot((asker, _) =>
        {
            asker.Tell(++asked == 1 ? new StoreUnavailable("ops/alert", "It is away.") : new VersionNotFound("ops/alert", null));
            return AutoPilot.KeepRunning;
        }));
        await AcceptAsync("call~k1", then: new KeptThen { Success = new KeptDestination("ops/alert") });
        await _workers.StartAsync(default);
        await ReplyAsync(_ => FortyTwo);
        var ended = await EndedAsync("call~k1");
        Assert.Equal(("There is no script \"ops/alert\".", "ok", 2), (ended.NextRefused, ended.End!.Reason, asked));

        await AcceptAsync("call~k2", then: new KeptThen { Success = new KeptDestination("math/add") { Version = "1" } });
        var deep = System.Text.Encoding.ASCII.GetBytes(new string('[', 513) + new string(']', 513));
        await ReplyAsync(_ => FortyTwo with { Data = new ResultData(deep, DataType.Json) });
        Assert.Equal("The value is nested deeper than 512 levels, so it is no input.", (await EndedAsync("call~k2")).NextRefused);
        await StopAsync();
    }

    [Fact]
    public async Task A_node_ends_the_runs_of_one_that_is_gone_at_two_looks_and_cancels_its_own()
    {
        (_nodes.IsShared, _nodes.MayWork) = (true, false);
        await AcceptAsync("call~k1");
        await _runs.TakeAsync(new KeptSeat("gone", "it", 0), default);
        await AcceptAsync("call~k2");
        await _runs.TakeAsync(new KeptSeat("member", "it", 0), default);
        await _workers.StartAsync(default);
        _nodes.MayWork = true;
        Assert.Equal("sandbox", (await EndedAsync("call~k1")).End!.Reason);
        Assert.Equal(RunStage.Running, _runs.All[1].Stage);

        await AcceptAsync("call~k3");
        var submitted = await Pool.ExpectMsgAsync<SubmitRun>(s_patience);
        var caller = Pool.LastSender;
        await _runs.CancelAsync("call~k3", default);
        await _runs.CancelAsync("call~k2", default);
        Assert.Equal("call~k3", (await Pool.ExpectMsgAsync<CancelRun>(s_patience)).RunId);
        caller.Tell(new RunEnded(submitted.Run.RunId, Outcome.Cancelled), Pool);
        Assert.Equal("cancelled", (await EndedAsync("call~k3")).End!.Reason);
        await StopAsync();
    }

    [Fact]
    public async Task At_a_stop_the_run_that_is_executed_ends_and_no_other_is_taken()
    {
        await AcceptAsync("call~k1");
        await AcceptAsync("call~k2");
        await _workers.StartAsync(default);
        var submitted = await Pool.ExpectMsgAsync<SubmitRun>(s_patience);
        _lifetime.StopApplication();
        var stopped = _workers.StopAsync(default);
        Assert.False(stopped.IsCompleted);
        Pool.Reply(new RunEnded(submitted.Run.RunId, FortyTwo));
        await stopped;
        Assert.Equal((RunStage.Ended, RunStage.Queued), (_runs.All[0].Stage, _runs.All[1].Stage));
    }

    [Fact]
    public async Task A_cancelled_run_is_told_when_it_has_ended()
    {
        var cancel = new CancelKeptRun(_runs, new RequiredActorUnderTest<SandboxPool>(Pool));
        await _workers.StartAsync(default);
        await AcceptAsync("call~k1");
        var submitted = await Pool.ExpectMsgAsync<SubmitRun>(s_patience);
        var caller = Pool.LastSender;
        var cancelling = cancel.ExecuteAsync("call~k1", default);
        await Pool.ExpectMsgAsync<CancelRun>(s_patience);
        Assert.False(cancelling.IsCompleted);
        Pool.IgnoreMessages(message => message is CancelRun);
        caller.Tell(new RunEnded(submitted.Run.RunId, Outcome.Cancelled), Pool);
        Assert.Equal("cancelled", (await cancelling).Value!.End!.Reason);
        Assert.Equal(RefusalReason.Conflict, (await cancel.ExecuteAsync("call~k1", default)).Refusal!.Reason);
        Assert.Equal(RefusalReason.NotFound, (await cancel.ExecuteAsync("call~k9", default)).Refusal!.Reason);
        await StopAsync();
    }

    [Fact]
    public async Task Who_waits_for_a_run_is_told_at_its_end_and_not_before()
    {
        var wait = new AwaitKeptRun(_runs, _ends);
        await AcceptAsync("call~k1");
        Assert.Null(await wait.ExecuteAsync("call~k1", TimeSpan.FromMilliseconds(1), default));
        var waiting = wait.ExecuteAsync("call~k1", s_patience, default);
        var cut = new CancellationTokenSource();
        var leaving = wait.ExecuteAsync("call~k1", s_patience, cut.Token);
        await cut.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        Assert.False(waiting.IsCompleted);
        await _workers.StartAsync(default);
        await ReplyAsync(_ => FortyTwo);
        Assert.Equal("ok", (await waiting)!.End!.Reason);
        Assert.Equal("ok", (await wait.ExecuteAsync("call~k1", TimeSpan.Zero, default))!.End!.Reason);
        _runs.Failure = s_away;
        Assert.Null(await wait.ExecuteAsync("call~k1", s_patience, default));
        _runs.Failure = null;
        await StopAsync();
    }

    [Fact]
    public async Task What_the_store_holds_is_noted_for_the_metrics()
    {
        _nodes.MayWork = false;
        await AcceptAsync("call~k1");
        await _workers.StartAsync(default);
        await Eventually.HoldsAsync(
            () =>
            {
                _measured.Collect();
                return _measured["faas.kept.queue.length{faas.state=due}"] is [.., 1];
            },
            s_patience,
            () => "the level was not noted");
        await StopAsync();
    }

    private async Task AcceptAsync(string id, long version = 1, RetryPolicy? retry = null, KeptThen? then = null, int? depth = null)
    {
        var call = KeptExample.Call() with { Version = version, Retry = retry, Then = then, Depth = depth };
        await _runs.AcceptAsync(id, call, "{}"u8.ToArray(), default);
        _signal.Set();
    }

    private async Task ReplyAsync(Func<Run, Outcome> outcome)
    {
        var run = (await Pool.ExpectMsgAsync<SubmitRun>(s_patience)).Run;
        Pool.Reply(new RunEnded(run.RunId, outcome(run)));
    }

    private async Task<KeptRun> EndedAsync(string id)
    {
        await Eventually.HoldsAsync(() => Find(id).Stage == RunStage.Ended, s_patience, () => $"{Find(id)}");
        return Find(id);
    }

    private KeptRun Find(string id) => _runs.All.Single(run => run.Id == id);

    private async Task StopAsync()
    {
        _lifetime.StopApplication();
        await _workers.StopAsync(default);
        _workers.Dispose();
        _signal.Dispose();
        _measured.Dispose();
    }
}
