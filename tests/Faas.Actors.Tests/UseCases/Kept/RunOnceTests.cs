using Faas.Actors.Json;
using Faas.Actors.Pool;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Output;
using Faas.Actors.Runs.Recent;
using Faas.Actors.Runs.Reply;
using Faas.Actors.Scripts;
using Faas.Actors.Tests.Storage.Redis;
using Faas.Actors.UseCases;
using Faas.Actors.UseCases.Kept;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Faas.Actors.Tests.UseCases.Kept;

/// <summary>Calls that have one run however often they are sent, on a store in memory; the test is the pool.</summary>
public sealed class RunOnceTests : UseCaseTestKit
{
    private static readonly KeptRunsOptions s_options = KeptExample.Options with { InputBytes = 10 };
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly KeptTerms s_terms = new(5, null, null, DateTimeOffset.UnixEpoch) { Once = new KeptOnce("name", "print") };
    private static readonly StoreException s_away = new("It is away.");
    private readonly KeptRunsInMemory _runs = new();
    private readonly RunOnce _once;

    public RunOnceTests()
    {
        Uploaded();
        _once = new RunOnce(
            Scripts,
            Options,
            s_options,
            new KeptExecution(RunScript, s_options, _runs),
            _runs,
            new KeptSeats(new NodesOnPaper(), s_options),
            new KeptEnds(),
            NullLogger<RunOnce>.Instance);
    }

    [Fact]
    public async Task A_run_goes_on_when_its_caller_leaves_and_the_caller_that_asks_again_is_told_which_run_it_is()
    {
        using var leaves = new CancellationTokenSource();
        var first = CallAsync(leaves.Token);
        var submitted = await Pool.ExpectMsgAsync<SubmitRun>(s_patience);
        var caller = Pool.LastSender;
        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Equal(RunStage.Running, Assert.Single(_runs.All).Stage);

        var again = await CallAsync();
        Assert.Equal((null, submitted.Run.RunId), (again.Result, again.Id));
        caller.Tell(new RunEnded(submitted.Run.RunId, FortyTwo), Pool);
        await Eventually.HoldsAsync(() => _runs.All[0].Stage == RunStage.Ended, s_patience, () => "it has not ended");
        Assert.Equal((submitted.Run.RunId, "ok", 1), (_runs.All[0].Id, _runs.All[0].End!.Reason, _runs.All[0].Attempt));
        Assert.Null((await CallAsync()).Result);
        var other = await _once.ExecuteAsync(Request, s_terms with { Once = new KeptOnce("name", "other") }, default);
        Assert.Equal(RefusalReason.KeyReused, Assert.IsType<RunNotTaken>(other.Result).Refusal.Reason);
        await _once.StopAsync(default);
        await Pool.ExpectNoMsgAsync(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_refused_run_leaves_no_record_and_its_name_is_free()
    {
        var first = CallAsync();
        var submitted = await Pool.ExpectMsgAsync<SubmitRun>(s_patience);
        Pool.Reply(new RunRefused(submitted.Run.RunId, RefusalReason.QueueFull, TimeSpan.Zero));
        Assert.Equal(RefusalReason.QueueFull, Assert.IsType<RunNotTaken>((await first).Result).Refusal.Reason);
        Assert.Empty(_runs.All);

        foreach (var (acceptance, reason) in new[]
        {
            (KeptAcceptance.StoreFull, RefusalReason.QueueFull), (KeptAcceptance.Accepted, RefusalReason.TooLarge),
        })
        {
            _runs.Acceptance = acceptance;
            var input = new byte[reason == RefusalReason.TooLarge ? 11 : 1];
            var refused = await _once.ExecuteAsync(Request with { Arguments = Arguments with { Input = input } }, s_terms, default);
            Assert.Equal((reason, null), (Assert.IsType<RunNotTaken>(refused.Result).Refusal.Reason, refused.Id));
        }

        Assert.Empty(_runs.All);
        Assert.Equal("ok", await EndedAsync());
    }

    [Fact]
    public async Task A_name_that_the_store_gave_by_a_reply_that_got_lost_is_free_again_and_nothing_was_started()
    {
        _runs.LostReply = s_away;
        Assert.Equal(RefusalReason.Store, Assert.IsType<RunNotTaken>((await CallAsync()).Result).Refusal.Reason);
        _runs.LostReply = null;
        await Eventually.HoldsAsync(() => _runs.All.Count == 0, s_patience, () => "it was not withdrawn");
        await Pool.ExpectNoMsgAsync(TimeSpan.Zero);
        Assert.Equal("ok", await EndedAsync());
    }

    [Fact]
    public async Task An_end_that_the_store_does_not_take_is_told_to_the_caller_and_written_when_it_does()
    {
        var call = CallAsync();
        var submitted = await Pool.ExpectMsgAsync<SubmitRun>(s_patience);
        _runs.Failure = s_away;
        Pool.Reply(new RunEnded(submitted.Run.RunId, FortyTwo));
        var told = await call;
        Assert.Equal(Reason.Ok, Assert.IsType<RunFinished>(told.Result).Outcome.Reason);
        Assert.Contains("written later", told.Why, StringComparison.Ordinal);
        var stopping = _once.StopAsync(default);
        Assert.False(stopping.IsCompleted);
        _runs.Failure = null;
        await stopping;
        Assert.Equal(RunStage.Ended, Assert.Single(_runs.All).Stage);
    }

    [Fact]
    public async Task A_stop_that_lasts_too_long_leaves_the_run_to_the_next_start()
    {
        _ = CallAsync();
        await Pool.ExpectMsgAsync<SubmitRun>(s_patience);
        using var end = new CancellationTokenSource();
        var stopping = _once.StopAsync(end.Token);
        Assert.False(stopping.IsCompleted);
        await end.CancelAsync();
        await stopping;
        Assert.Equal(RunStage.Running, Assert.Single(_runs.All).Stage);
    }

    [Fact]
    public async Task A_stream_goes_on_for_the_record_when_its_caller_leaves_who_is_told_nothing_more()
    {
        var sink = new SinkUnderTest();
        using var leaves = new CancellationTokenSource();
        var call = StreamAsync(sink, leaves.Token);
        var run = await SubmittedAsync();
        Assert.Equal((run.RunId, RunStage.Running), (Assert.Single(_runs.All).Id, _runs.All[0].Stage));
        var output = Stream(run);
        await output.WriteAsync([Line("before")]);
        Assert.Equal("before", await sink.NextAsync());
        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await output.WriteAsync([Line("after")]);
        output.CompleteLines();
        output.End(FortyTwo);
        await Eventually.HoldsAsync(() => _runs.All[0].Stage == RunStage.Ended, s_patience, () => "it has not ended");
        Assert.Equal(["before", "after"], _runs.All[0].Log.Select(line => line.Text));
        Assert.Equal(("ok", 2L), (_runs.All[0].End!.Reason, _runs.All[0].Lines));
        Assert.False(sink.HasMore);
    }

    [Fact]
    public async Task A_sink_that_takes_nothing_more_costs_the_run_nothing_and_a_slow_one_is_left_in_peace()
    {
        var (sink, isTaken) = (new SinkUnderTest { TakesMore = false }, new TaskCompletionSource());
        var call = StreamAsync(sink);
        var output = Stream(await SubmittedAsync());
        await output.WriteAsync([Line("never seen")]);
        output.CompleteLines();
        output.End(FortyTwo);
        Assert.Equal("ok", Assert.IsType<RunFinished>((await call).Result).Outcome.Reason.ToWire());
        Assert.False(sink.HasMore);

        using var leaves = new CancellationTokenSource();
        sink = new SinkUnderTest { OnWrite = () => isTaken.Task };
        call = StreamAsync(sink, leaves.Token);
        output = Stream(await SubmittedAsync());
        await output.WriteAsync([Line("slow")]);
        await sink.NextAsync();
        await leaves.CancelAsync();
        Assert.False(call.IsCompleted); // the sink is in use
        isTaken.SetResult();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        output.CompleteLines();
        output.End(FortyTwo);
        await Eventually.HoldsAsync(() => _runs.All.All(run => run.Stage == RunStage.Ended), s_patience, () => "one has not ended");
        Assert.Equal(["never seen", "slow"], _runs.All.Select(run => Assert.Single(run.Log).Text));
    }

    [Fact]
    public async Task A_stream_that_cannot_start_leaves_no_record()
    {
        var call = StreamAsync(new SinkUnderTest());
        var submitted = await Pool.ExpectMsgAsync<SubmitRun>(s_patience);
        Pool.Reply(new RunRefused(submitted.Run.RunId, RefusalReason.QueueFull, TimeSpan.Zero));
        Assert.Equal((RefusalReason.QueueFull, null), (Assert.IsType<RunNotTaken>((await call).Result).Refusal.Reason, (await call).Id));
        _runs.Failure = s_away;
        Assert.Equal(RefusalReason.Store, Assert.IsType<RunNotTaken>((await StreamAsync(new SinkUnderTest())).Result).Refusal.Reason);
        _runs.Failure = null;
        await _once.StopAsync(default);
        Assert.Empty(_runs.All);
    }

    private async Task<OnceResult> StreamAsync(SinkUnderTest sink, CancellationToken cancellation = default)
    {
        var found = (await Scripts.FindToRunAsync(Request.Path, Request.Version, headerOf: null, default)).Value!;
        return await _once.StreamAsync(Request, found, s_terms with { Once = null }, _ => sink, cancellation);
    }

    private static OutputLine Line(string text) => new(OutputStream.Stdout, System.Text.Encoding.UTF8.GetBytes(text), Partial: false);

    private static RunScriptRequest Request { get; } = new("math/add", VersionRef.Latest, Arguments);

    private Task<OnceResult> CallAsync(CancellationToken cancellation = default) => _once.ExecuteAsync(Request, s_terms, cancellation);

    private async Task<string> EndedAsync()
    {
        var call = CallAsync();
        var submitted = await Pool.ExpectMsgAsync<SubmitRun>(s_patience);
        Pool.Reply(new RunEnded(submitted.Run.RunId, FortyTwo));
        await call;
        return Assert.Single(_runs.All).End!.Reason;
    }
}
