using System.Text;
using Akka;
using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Output;
using Faas.Actors.Runs.Reply;
using Faas.Actors.Sandboxes;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Sandboxes.Protocol;
using Faas.Actors.Scripts;
using Xunit;

namespace Faas.Actors.Tests.Sandboxes;

public sealed class SandboxStreamingTests : TestKit
{
    private readonly ScriptedLauncher _launcher = new();
    private readonly TestProbe _pool;
    private readonly TestProbe _caller;
    private readonly ActorMaterializer _materializer;

    public SandboxStreamingTests()
        : base("akka { loglevel = WARNING, test.single-expect-default = 50s }")
    {
        _pool = CreateTestProbe();
        _caller = CreateTestProbe();
        _materializer = Sys.Materializer();
    }

    [Fact]
    public async Task Lines_come_as_they_are_printed_and_the_outcome_last()
    {
        var (_, zygote, output) = await StreamingAsync();
        var events = output.RunWith(Sink.Queue<OutputEvent>(), _materializer);
        await zygote.SendAsync(FrameType.Stdout, "one\ntw");
        Assert.Equal((OutputStream.Stdout, "one"), Line(await PullAsync(events)));
        await zygote.SendAsync(FrameType.Stderr, "oops\n");
        Assert.Equal((OutputStream.Stderr, "oops"), Line(await PullAsync(events)));
        await zygote.SendAsync(FrameType.Stdout, "o");
        await zygote.ResultAsync('N', "");
        await zygote.EndAsync();
        Assert.Equal((OutputStream.Stdout, "two"), Line(await PullAsync(events)));
        var ended = Assert.IsType<OutputEnded>(await PullAsync(events));
        Assert.Equal("\"one\\ntwo\"", Encoding.UTF8.GetString(ended.Outcome.Data!.Json.Span));
        Assert.False((await events.PullAsync()).HasValue);
        await _pool.ExpectMsgAsync<SandboxFree>();
    }

    [Fact]
    public async Task The_zygote_writes_no_further_ahead_than_a_few_buffers_of_what_is_read()
    {
        var (_, zygote, output) = await StreamingAsync();
        var events = output.RunWith(Sink.Queue<OutputEvent>().WithAttributes(Attributes.CreateInputBuffer(1, 1)), _materializer);
        var line = Encoding.UTF8.GetBytes(new string('x', 60_000) + "\n");
        var sent = 0;
        var writing = SendAllAsync();
        for (var received = 0; received < 200; received++)
        {
            Assert.InRange(Volatile.Read(ref sent), 0, received + 20);
            Assert.Equal(60_000, Assert.IsType<OutputLine>(await PullAsync(events)).Bytes.Length);
        }

        await writing;
        await zygote.EndAsync();
        Assert.IsType<OutputEnded>(await PullAsync(events));

        async Task SendAllAsync()
        {
            for (var n = 0; n < 200; n++)
            {
                await zygote.SendAsync(FrameType.Stdout, line);
                Interlocked.Increment(ref sent);
            }
        }
    }

    [Fact]
    public async Task A_consumer_that_leaves_cancels_the_invocation()
    {
        var (sandbox, zygote, output) = await StreamingAsync();
        await _pool.WatchAsync(sandbox);
        var first = output.RunWith(Sink.First<OutputEvent>(), _materializer);
        await zygote.SendAsync(FrameType.Stdout, "one\n");
        await first;
        await zygote.Killed;
        await _pool.ExpectTerminatedAsync(sandbox);
        await zygote.Disposed;
    }

    [Fact]
    public async Task At_the_deadline_a_stalled_stream_frees_the_sandbox_and_still_tells_its_end_later()
    {
        // The first line is in the pipe before the run begins, because the deadline may come before this thread goes on.
        var line = Encoding.UTF8.GetBytes(new string('x', 60_000) + "\n");
        var (sandbox, zygote, output) = await StreamingAsync(
            SandboxTestOptions.Default with { Timeout = TimeSpan.FromMilliseconds(100) }, line);
        await _pool.WatchAsync(sandbox);
        var writing = Task.Run(async () =>
        {
            while (!zygote.Killed.IsCompleted)
            {
                await zygote.SendAsync(FrameType.Stdout, line);
            }
        });
        await _pool.ExpectTerminatedAsync(sandbox);
        var events = await output.RunWith(Sink.Seq<OutputEvent>(), _materializer);
        Assert.True(events.Count > 1);
        Assert.All(events.SkipLast(1), item => Assert.IsType<OutputLine>(item));
        Assert.Equal(Reason.Timeout, Assert.IsType<OutputEnded>(events[^1]).Outcome.Reason);
        await zygote.Disposed;
        await Task.WhenAny(writing); // the task may have failed: a write to a dead zygote throws
    }

    [Fact]
    public async Task A_stream_ends_with_its_outcome_when_its_zygote_dies()
    {
        var (_, zygote, output) = await StreamingAsync();
        await zygote.SendAsync(FrameType.Stdout, "last words");
        zygote.Die(71, "gone");
        var events = await output.RunWith(Sink.Seq<OutputEvent>(), _materializer);
        Assert.Equal((OutputStream.Stdout, "last words"), Line(events[0]));
        Assert.Equal(Reason.Sandbox, Assert.IsType<OutputEnded>(events[1]).Outcome.Reason);
    }

    [Fact]
    public async Task A_stream_outlives_the_actor()
    {
        var (sandbox, zygote, output) = await StreamingAsync();
        var events = output.RunWith(Sink.Seq<OutputEvent>(), _materializer);
        sandbox.Tell(PoisonPill.Instance);
        Assert.Equal(Reason.Cancelled, Assert.IsType<OutputEnded>((await events)[^1]).Outcome.Reason);
        await zygote.Disposed;
    }

    [Fact]
    public async Task A_stream_has_no_output_limit_and_keeps_the_end_as_data()
    {
        var (_, zygote, output) = await StreamingAsync(SandboxTestOptions.Default with { OutputLimit = 1024, ResultLimit = 1024 });
        var events = output.RunWith(Sink.Seq<OutputEvent>(), _materializer);
        for (var n = 0; n < 100; n++)
        {
            await zygote.SendAsync(FrameType.Stdout, $"line {n} of many, none of which is JSON\n");
        }

        await zygote.EndAsync();
        var outcome = Assert.IsType<OutputEnded>((await events)[^1]).Outcome;
        Assert.Equal(101, (await events).Count);
        Assert.Equal((Reason.Ok, DataType.Text, true), (outcome.Reason, outcome.Data!.Type, outcome.Data.Partial));
    }

    private static async Task<OutputEvent> PullAsync(ISinkQueue<OutputEvent> events) => (await events.PullAsync()).Value;

    private static (OutputStream Stream, string Text) Line(OutputEvent item) =>
        Assert.IsType<OutputLine>(item) is var line ? (line.Stream, Encoding.UTF8.GetString(line.Bytes.Span)) : default;

    private async Task<(IActorRef Sandbox, ScriptedZygote Zygote, Source<OutputEvent, NotUsed> Output)> StreamingAsync(
        SandboxOptions? options = null, byte[]? printedFirst = null)
    {
        var zygote = new ScriptedZygote();
        var props = SandboxActor.Props(new ImageKey(Runtime.Python), _launcher, options ?? SandboxTestOptions.Default);
        var sandbox = _pool.ChildActorOf(props);
        _launcher.Start.SetResult(zygote);
        await zygote.ReadyAsync();
        await _pool.ExpectMsgAsync<SandboxReady>();
        if (printedFirst is not null)
        {
            await zygote.SendAsync(FrameType.Stdout, printedFirst);
        }

        var run = new Run(
            "a", "path", ScriptCode.Of(Language.Python, "1"), RunMode.Execute, Isolation.Process, "{}"u8.ToArray(), Stream: true);
        sandbox.Tell(new Lease(run, _caller, Warmth.Spare));
        var streaming = await _caller.ExpectMsgAsync<RunStreaming>();
        Assert.Equal(Warmth.Spare, streaming.Warmth);
        return (sandbox, zygote, streaming.Output.SelectMany(batch => batch));
    }
}
