using System.Text;
using Faas.Actors.Pool;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Output;
using Faas.Actors.Runs.Reply;
using Faas.Actors.Scripts;
using Faas.Actors.UseCases;
using Xunit;

namespace Faas.Actors.Tests.UseCases;

public sealed class StreamingRunTests : UseCaseTestKit
{
    private static readonly RunScriptRequest s_request = new("math/add", VersionRef.Latest, Arguments);
    private readonly SinkUnderTest _sink = new();

    [Fact]
    public async Task The_sink_has_each_line_in_order_and_then_the_outcome()
    {
        var (running, output) = await StreamingAsync(_sink);
        await output.WriteAsync([Line("one"), Line("two")]);
        await output.WriteAsync([Line("three")]);
        output.End(FortyTwo);

        Assert.Equal(new RunFinished(FortyTwo, Streamed: true, Version: 7), await running);
        Assert.Equal(["one", "two", "three", "(end)"], [await NextAsync(), await NextAsync(), await NextAsync(), await NextAsync()]);
        Assert.Equal((new RunStarted(Warmth.Spare, 7), FortyTwo), (_sink.Started, _sink.Ended!.Outcome));
    }

    [Fact]
    public async Task A_slow_sink_holds_up_the_script_and_nothing_piles_up()
    {
        var released = new TaskCompletionSource();
        _sink.OnWrite = () => released.Task;
        var (running, output) = await StreamingAsync(_sink);

        // The channels between script and sink hold a few batches; the write after them waits.
        var written = 0;
        Task write;
        do
        {
            write = output.WriteAsync([Line("x")]).AsTask();
        }
        while (write.IsCompleted && ++written < 100);

        Assert.InRange(written, 1, 99);
        Assert.Equal("x", await NextAsync());
        Assert.False(_sink.HasMore);
        released.SetResult();
        output.End(FortyTwo);
        Assert.IsType<RunFinished>(await running);
    }

    [Fact]
    public async Task A_sink_that_takes_no_more_cancels_the_run()
    {
        var (running, output) = await StreamingAsync(_sink);
        _sink.TakesMore = false;
        await output.WriteAsync([Line("one")]);
        var finished = Assert.IsType<RunFinished>(await running);
        Assert.Equal((Reason.Cancelled, true), (finished.Outcome.Reason, finished.Streamed));
        await Pool.ExpectMsgAsync<CancelRun>(Never);
    }

    [Fact]
    public async Task A_sink_that_must_close_has_a_last_event_that_says_so()
    {
        var left = new TaskCompletionSource();
        var (running, output) = await StreamingAsync(_sink, left.SetResult);
        await output.WriteAsync([Line("one")]);
        Assert.Equal("one", await NextAsync());
        _sink.Close();
        var finished = Assert.IsType<RunFinished>(await running);
        Assert.Equal((Reason.Cancelled, "The server is stopping."), (finished.Outcome.Reason, finished.Outcome.Detail));
        Assert.Equal(finished.Outcome, _sink.Ended!.Outcome);
        await left.Task.WaitAsync(Never);
    }

    [Fact]
    public async Task Silence_is_told_to_the_sink_again_and_again()
    {
        var sink = new SinkUnderTest { IdleAfter = TimeSpan.FromMilliseconds(20) };
        var (running, output) = await StreamingAsync(sink);
        Assert.Equal(["(idle)", "(idle)"], [await sink.NextAsync(), await sink.NextAsync()]);
        output.End(FortyTwo);
        await running;
    }

    [Fact]
    public async Task A_run_that_is_over_before_it_could_stream_has_its_outcome_in_the_sink_all_the_same()
    {
        Uploaded(7);
        var running = RunScript.ExecuteAsync(s_request, _sink, default);
        Reply(new RunEnded((await SubmittedAsync()).RunId, FortyTwo));
        Assert.Equal(new RunFinished(FortyTwo, Streamed: true, Version: 7), await running);
        Assert.Equal((new RunStarted(Warmth.Warm, 7), FortyTwo), (_sink.Started, _sink.Ended!.Outcome));
    }

    [Fact]
    public async Task A_run_that_failed_before_it_could_stream_leaves_the_sink_alone()
    {
        Uploaded(7);
        var running = RunScript.ExecuteAsync(s_request, _sink, default);
        Reply(new RunEnded((await SubmittedAsync()).RunId, Outcome.Broken("no bwrap")));
        Assert.Equal(new RunFinished(Outcome.Broken("no bwrap"), Streamed: false, Version: 7), await running);
        Assert.Null(_sink.Started);
    }

    private static OutputLine Line(string text) => new(OutputStream.Stdout, Encoding.UTF8.GetBytes(text), Partial: false);

    private Task<string> NextAsync() => _sink.NextAsync();

    private async Task<(Task<RunResult> Running, LiveOutput Output)> StreamingAsync(SinkUnderTest sink, Action? onLeft = null)
    {
        Uploaded(7);
        var running = RunScript.ExecuteAsync(s_request, sink, default);
        var run = await SubmittedAsync();
        Assert.True(run.Stream);
        return (running, Stream(run, onLeft));
    }
}
