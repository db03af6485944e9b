using Faas.Actors.Pool;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Reply;
using Faas.Actors.Scripts;
using Faas.Actors.Telemetry;
using Faas.Actors.Tests.Storage.Redis;
using Faas.Actors.Tests.Telemetry;
using Faas.Actors.UseCases;
using Faas.Actors.UseCases.Kept;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Faas.Actors.Tests.UseCases.Kept;

/// <summary>Calls whose records are kept, on a store in memory; the test is the pool.</summary>
public sealed class KeepRunTests : UseCaseTestKit
{
    private static readonly KeptRunsOptions s_options = KeptExample.Options with { InputBytes = 10, PendingBytes = 3000 };
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly KeptTerms s_terms = new(5, null, null, DateTimeOffset.UnixEpoch);
    private static readonly StoreException s_away = new("It is away.");
    private readonly KeptRunsInMemory _runs = new();
    private readonly KeptWriter _writer;
    private readonly KeepRun _keep;

    public KeepRunTests()
    {
        Uploaded();
        _writer = new KeptWriter(
            _runs, new NodesOnPaper(), s_options, TimeProvider.System, NullLogger<KeptWriter>.Instance, new KeptMeters(new Measured()));
        _keep = new KeepRun(Options, s_options, new KeptExecution(RunScript, s_options, _runs), _writer);
    }

    [Fact]
    public async Task The_value_is_answered_before_the_cost_is_known_and_the_record_has_both()
    {
        var call = CallAsync();
        var submitted = await Pool.ExpectMsgAsync<SubmitRun>(s_patience);
        Assert.Equal((false, false), (submitted.Run.WithUsage, submitted.Run.WithLogs));
        var caller = Pool.LastSender;
        var early = FortyTwo with { Usage = new Usage(TimeSpan.FromMilliseconds(2), TimeSpan.Zero, 0) };
        caller.Tell(new RunEnded(submitted.Run.RunId, early) { CostFollows = true }, Pool);
        var told = await call;
        Assert.Equal((submitted.Run.RunId, null), (told.Id, told.Why));
        Assert.Empty(_runs.All);
        caller.Tell(new RunMeasured(submitted.Run.RunId, new Usage(TimeSpan.FromSeconds(9), TimeSpan.FromMilliseconds(1), 4096)), Pool);
        Assert.True(await _writer.WrittenAsync(told.Id!, s_patience, default));
        var record = Assert.Single(_runs.All);
        Assert.Equal(("ok", 0.002, 0.001, 4096L, "42"), (
            record.End!.Reason, record.End.RunSeconds, record.End.CpuSeconds, record.End.MemoryBytes,
            System.Text.Encoding.UTF8.GetString(record.Result.Span)));
        Assert.Equal("""{"a":1}""", System.Text.Encoding.UTF8.GetString(record.Input.Span));
    }

    [Fact]
    public async Task A_caller_that_leaves_leaves_a_record_that_says_so()
    {
        using var leaves = new CancellationTokenSource();
        var call = CallAsync(leaves.Token);
        var submitted = await Pool.ExpectMsgAsync<SubmitRun>(s_patience);
        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.True(await _writer.WrittenAsync(submitted.Run.RunId, s_patience, default));
        Assert.Equal("cancelled", Assert.Single(_runs.All).End!.Reason);
    }

    [Fact]
    public async Task What_cannot_be_kept_leaves_no_record_and_a_run_that_found_no_sandbox_does()
    {
        var large = Arguments with { Input = new byte[11] };
        var refused = await _keep.ExecuteAsync(Request with { Arguments = large }, await FoundAsync(), s_terms, default);
        Assert.Equal((RefusalReason.TooLarge, null), (Assert.IsType<RunNotTaken>(refused.Result).Refusal.Reason, refused.Id));
        var call = CallAsync();
        var submitted = await Pool.ExpectMsgAsync<SubmitRun>(s_patience);
        Pool.Reply(new RunRefused(submitted.Run.RunId, RefusalReason.QueueFull, TimeSpan.Zero));
        Assert.True(await _writer.WrittenAsync((await call).Id!, s_patience, default));
        Assert.Equal("queue_full", Assert.Single(_runs.All).End!.Reason);
    }

    [Fact]
    public async Task A_store_that_is_away_costs_no_answer_and_when_nothing_more_can_wait_the_caller_is_told()
    {
        _runs.Failure = s_away;
        var first = await AnsweredAsync();
        Assert.NotNull(first.Id);
        await Eventually.HoldsAsync(() => _writer.IsSilent, s_patience, () => "it does not know that the store is away");
        var second = await AnsweredAsync();
        Assert.Contains("written later", second.Why, StringComparison.Ordinal);
        var third = await AnsweredAsync();
        Assert.Equal(Reason.Ok, Assert.IsType<RunFinished>(third.Result).Outcome.Reason);
        Assert.Null(third.Id);
        Assert.Contains("faas.runs.kept.pending-size", third.Why, StringComparison.Ordinal);
        _runs.Failure = null;
        await _writer.StopAsync(default);
        Assert.Equal(new[] { first.Id, second.Id }.Order(), _runs.All.Select(run => run.Id).Order());
    }

    private static RunScriptRequest Request { get; } = new("math/add", VersionRef.Latest, Arguments);

    private async Task<KeptCallResult> CallAsync(CancellationToken cancellation = default) =>
        await _keep.ExecuteAsync(Request, await FoundAsync(), s_terms, cancellation);

    private async Task<FoundScript> FoundAsync() =>
        (await Scripts.FindToRunAsync(Request.Path, Request.Version, headerOf: null, default)).Value!;

    private async Task<KeptCallResult> AnsweredAsync()
    {
        var call = CallAsync();
        var submitted = await Pool.ExpectMsgAsync<SubmitRun>(s_patience);
        Pool.Reply(new RunEnded(submitted.Run.RunId, FortyTwo));
        return await call;
    }
}
