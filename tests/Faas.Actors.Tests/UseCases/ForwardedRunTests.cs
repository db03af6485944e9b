using Faas.Actors.Runs;
using Faas.Actors.Runs.Output;
using Faas.Actors.Runs.Reply;
using Faas.Actors.Scripts;
using Faas.Actors.UseCases;
using Xunit;

namespace Faas.Actors.Tests.UseCases;

/// <summary>Runs that another node of the cluster may execute.</summary>
public sealed class ForwardedRunTests : UseCaseTestKit
{
    private static readonly RunScriptRequest s_latest = new("math/add", VersionRef.Latest, Arguments);

    [Fact]
    public async Task What_another_node_replies_is_the_result()
    {
        Uploaded(7);
        Others.Reply = (_, run) => new ForwardedReply(
            new RunEnded(run.RunId, FortyTwo) { CostFollows = true }, Task.FromResult(FortyTwo.Usage));

        var result = Assert.IsType<RunFinished>(await RunScript.ExecuteAsync(s_latest, sink: null, default));
        Assert.Equal((FortyTwo, false, 7L), (result.Outcome, result.Streamed, result.Version));
        Assert.Equal(FortyTwo.Usage, await result.Measured!);
        var asked = Assert.Single(Others.Asked);
        Assert.Equal(("math/add", 7, true, Arguments), (asked.Path, asked.Found.Version.Number, asked.Found.IsLatest, asked.Arguments));
        await Pool.ExpectNoMsgAsync(TimeSpan.Zero);
    }

    [Fact]
    public async Task Output_of_another_node_goes_to_the_sink()
    {
        Uploaded(7);
        var output = new LiveOutput();
        Others.Reply = (_, run) => new ForwardedReply(
            new RunStreaming(run.RunId, Warmth.Warm, output.Source(() => { })), Task.FromResult(Usage.None));
        var sink = new SinkUnderTest();
        var running = RunScript.ExecuteAsync(s_latest, sink, default);
        await output.WriteAsync([new OutputLine(OutputStream.Stdout, "one"u8.ToArray(), Partial: false)]);
        output.End(FortyTwo);

        Assert.Equal(new RunFinished(FortyTwo, Streamed: true, Version: 7), await running);
        Assert.Equal(["one", "(end)"], [await sink.NextAsync(), await sink.NextAsync()]);
        Assert.Equal(new RunStarted(Warmth.Warm, 7), sink.Started);
    }

    [Fact]
    public async Task What_no_other_node_takes_goes_to_the_pool_of_this_one()
    {
        Uploaded();
        var running = RunScript.ExecuteAsync(s_latest, sink: null, default);
        Reply(new RunEnded((await SubmittedAsync()).RunId, FortyTwo));
        Assert.Equal(FortyTwo, Assert.IsType<RunFinished>(await running).Outcome);
        Assert.Single(Others.Asked);
    }

    [Fact]
    public async Task A_run_that_came_from_another_node_is_not_sent_on()
    {
        Uploaded();
        var running = RunScript.ExecuteAsync(s_latest with { Arguments = Arguments with { IsForwarded = true } }, sink: null, default);
        Reply(new RunEnded((await SubmittedAsync()).RunId, FortyTwo));
        await running;
        Assert.Empty(Others.Asked);
    }

    [Fact]
    public async Task Code_that_is_not_stored_runs_here()
    {
        var running = RunCode.ExecuteAsync(new RunCodeRequest(Language.Python, "return 42", Arguments), sink: null, default);
        Reply(new RunEnded((await SubmittedAsync()).RunId, FortyTwo));
        await running;
        Assert.Empty(Others.Asked);
    }
}
