using Akka.Streams;
using Akka.TestKit;
using Faas.Actors.Forwarding;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Reply;
using Faas.Actors.Scripts;
using Faas.Actors.Tests.UseCases;
using Faas.Actors.UseCases;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Faas.Actors.Tests.Forwarding;

/// <summary>The node that executes a run of another one, with probes for its pool and for the origin.</summary>
public sealed class ForwardedRunsTests : UseCaseTestKit
{
    private readonly TestProbe _origin;
    private readonly Parcels _parcels;
    private readonly ForwardedRuns _runs;

    public ForwardedRunsTests()
    {
        _origin = CreateTestProbe("origin");
        _parcels = new Parcels(Sys.Materializer());
        _runs = new ForwardedRuns(
            RunScript,
            Runner,
            Codes,
            _parcels,
            new WarmVersions(new OtherExchanges()),
            Options,
            Sys.Materializer(),
            NullLogger<ForwardedRuns>.Instance);
    }

    // The origin looks for nothing more of a run whose cost it has.
    [Fact]
    public async Task The_origin_is_told_the_cost_after_the_outcome_though_a_long_outcome_takes_longer_to_send()
    {
        var text = $"\"{new string('x', 3 * Parcels.MostInOne)}\"";
        var outcome = FortyTwo with { Data = new ResultData(System.Text.Encoding.ASCII.GetBytes(text), DataType.String) };
        var running = await BegunAsync();
        var run = await SubmittedAsync();
        Reply(new RunEnded(run.RunId, outcome) { CostFollows = true });
        Reply(new RunMeasured(run.RunId, new Usage(TimeSpan.Zero, TimeSpan.Zero, 7)));

        var replied = await _origin.ExpectMsgAsync<RunReplied>(Never);
        var (read, costFollows) = RunOutcome.Read(await _parcels.UnpackAsync(replied.Outcome));
        Assert.Equal((5, text.Length, true), (replied.Number, read.Data!.Json.Length, costFollows));
        Assert.Equal(7, (await _origin.ExpectMsgAsync<RunCost>(Never)).Usage.MaxRssBytes);
        await running;
    }

    [Fact]
    public async Task A_run_that_the_pool_refuses_is_declined()
    {
        var running = await BegunAsync();
        var run = await SubmittedAsync();
        Reply(new RunRefused(run.RunId, RefusalReason.QueueFull, TimeSpan.FromSeconds(1)));
        Assert.Equal(5, (await _origin.ExpectMsgAsync<RunDeclined>(Never)).Number);
        await running;
    }

    [Fact]
    public async Task The_pool_knows_a_run_by_the_id_that_is_told_for_it()
    {
        var running = await BegunAsync();
        var run = await SubmittedAsync();
        Assert.Equal(run.RunId, _runs.IdOf(_origin, 5));
        Assert.Null(_runs.IdOf(_origin, 6));

        Reply(new RunEnded(run.RunId, Outcome.Cancelled));
        var replied = await _origin.ExpectMsgAsync<RunReplied>(Never);
        Assert.Equal(Reason.Cancelled, RunOutcome.Read(replied.Outcome.Whole).Outcome.Reason);
        await running;
        Assert.Null(_runs.IdOf(_origin, 5));
    }

    private async Task<Task> BegunAsync()
    {
        var version = Uploaded(7);
        var stored = new StoredRun("math/add", new FoundScript(version, ScriptCode.Of(version.Language, "return 42")), Arguments);
        var order = await _parcels.PackAsync(RunOrder.Of(stored, traceParent: null, stream: false).ToBytes());
        return _runs.ExecuteAsync(new ForwardRun(5, order), _origin, TestActor);
    }
}
