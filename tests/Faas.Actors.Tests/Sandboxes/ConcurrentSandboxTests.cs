using System.Buffers.Binary;
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

/// <summary>The actor of a sandbox whose process serves several runs at once.</summary>
public sealed class ConcurrentSandboxTests : TestKit
{
    private static readonly TimeSpan s_never = TimeSpan.FromMinutes(10);

    private readonly ScriptedLauncher _launcher = new();
    private readonly ScriptedZygote _zygote = new();
    private readonly TestProbe _pool;
    private readonly Dictionary<string, TestProbe> _callers = [];

    public ConcurrentSandboxTests()
        : base("akka { loglevel = WARNING, test.single-expect-default = 50s }") => _pool = CreateTestProbe();

    [Fact]
    public async Task The_limits_of_its_version_are_set_before_its_program()
    {
        var limited = new TaskCompletionSource();
        var zygote = new ScriptedZygote { OnLimits = _ => limited.Task };
        var sandbox = await StartedAsync(zygote: zygote);
        var (a, b) = (LeaseOf("a"), LeaseOf("b"));
        var settings = new RunSettings { MemoryBytes = 64 << 20 };
        sandbox.Tell(a with { Run = a.Run with { Settings = settings } });
        sandbox.Tell(b with { Run = b.Run with { Settings = settings } });
        var program = zygote.ReceiveAsync();
        Assert.NotSame(program, await Task.WhenAny(program, Task.Delay(TimeSpan.FromMilliseconds(100))));

        limited.SetResult();

        Assert.Contains("\"memoryBytes\":67108864", (await program).Payload, StringComparison.Ordinal);
        Assert.Equal((FrameType.Run, "\u0001\0\0\0{}"), await zygote.ReceiveAsync());
        Assert.Equal((FrameType.Run, "\u0002\0\0\0{}"), await zygote.ReceiveAsync());
        Assert.Equal(64 << 20, Assert.Single(zygote.Limits).MemoryBytes);
    }

    [Fact]
    public async Task It_may_be_bound_before_its_first_run()
    {
        var sandbox = await StartedAsync();
        sandbox.Tell(new BindSandbox(LeaseOf("a").Run));
        Assert.Equal(FrameType.Program, (await _zygote.ReceiveAsync()).Type);

        sandbox.Tell(LeaseOf("a"));

        Assert.Equal((FrameType.Run, "\u0001\0\0\0{}"), await _zygote.ReceiveAsync());
    }

    [Fact]
    public async Task If_they_cannot_be_set_all_its_runs_end_with_sandbox()
    {
        var zygote = new ScriptedZygote { OnLimits = _ => Task.FromException(new IOException("no such file")) };
        var sandbox = await StartedAsync(zygote: zygote);
        var lease = LeaseOf("a");
        sandbox.Tell(lease with { Run = lease.Run with { Settings = new RunSettings { Pids = 16 } } });

        var outcome = await EndedAsync("a");

        Assert.Equal(Reason.Sandbox, outcome.Reason);
        Assert.Contains("its limits cannot be set: no such file", outcome.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_sends_the_program_once_and_tells_the_runs_apart_by_number()
    {
        var sandbox = await StartedAsync();
        sandbox.Tell(LeaseOf("a"));
        sandbox.Tell(LeaseOf("b"));
        var program = await _zygote.ReceiveAsync();
        Assert.Equal(FrameType.Program, program.Type);
        Assert.Contains("\"isolation\":\"shared\"", program.Payload, StringComparison.Ordinal);
        Assert.Contains("\"concurrency\":4", program.Payload, StringComparison.Ordinal);
        Assert.Equal((FrameType.Run, "\u0001\0\0\0{}"), await _zygote.ReceiveAsync());
        Assert.Equal((FrameType.Run, "\u0002\0\0\0{}"), await _zygote.ReceiveAsync());

        await SendAsync(FrameType.Stdout, 1, "of a");
        await SendAsync(FrameType.Stdout, 2, "of b");
        await ResultAsync(2, 'N', "");
        await SendAsync(FrameType.Done, 2);

        Assert.Equal("\"of b\"", Text(await EndedAsync("b")));
        Assert.Equal("b", (await _pool.ExpectMsgAsync<SandboxFree>()).RunId);
        await ResultAsync(1, 'V', "42");
        await SendAsync(FrameType.Done, 1);
        Assert.Equal("42", Text(await EndedAsync("a")));
        Assert.Equal("a", (await _pool.ExpectMsgAsync<SandboxFree>()).RunId);
        Assert.False(_zygote.Killed.IsCompleted);
    }

    [Fact]
    public async Task A_run_of_another_version_is_refused()
    {
        var sandbox = await StartedAsync();
        await BeginAsync(sandbox, LeaseOf("a"));
        sandbox.Tell(LeaseOf("b", version: 2));

        Assert.Equal(Reason.Sandbox, (await EndedAsync("b")).Reason);
        Assert.False(_zygote.Killed.IsCompleted);
    }

    [Theory]
    [InlineData('E', """{"name":"Error","message":"no"}""", Reason.Error)]
    [InlineData('S', """{"message":"no","line":1,"column":1}""", Reason.Syntax)]
    [InlineData('X', "3", Reason.Exit)]
    [InlineData('X', "0", Reason.Ok)]
    [InlineData('X', "no number", Reason.Error)]
    [InlineData('V', "no json", Reason.Error)]
    public async Task A_run_ends_with_what_its_own_message_says(char kind, string payload, Reason reason)
    {
        var sandbox = await StartedAsync();
        await BeginAsync(sandbox, LeaseOf("a"));
        await SendAsync(FrameType.Stderr, 1, "printed");
        await ResultAsync(1, kind, payload);
        await SendAsync(FrameType.Done, 1);

        var outcome = await EndedAsync("a");

        Assert.Equal((reason, reason == Reason.Ok ? "" : "printed"), (outcome.Reason, outcome.Logs));
    }

    [Fact]
    public async Task A_run_that_takes_too_long_ends_and_with_no_other_the_process_is_killed()
    {
        var sandbox = await StartedAsync(TimeSpan.FromMilliseconds(50));
        await _pool.WatchAsync(sandbox);
        sandbox.Tell(LeaseOf("slow"));

        Assert.Equal(Reason.Timeout, (await EndedAsync("slow")).Reason);

        await _pool.ExpectMsgAsync<SandboxRetired>();
        await _zygote.Killed.WaitAsync(s_never);
        await _pool.ExpectTerminatedAsync(sandbox);
    }

    [Fact]
    public async Task A_run_whose_caller_leaves_ends_at_once_and_takes_up_its_seat_until_its_code_is_over()
    {
        var sandbox = await StartedAsync();
        await BeginAsync(sandbox, LeaseOf("a"));
        await BeginAsync(sandbox, LeaseOf("b"));
        sandbox.Tell(new StopRun("a"));

        Assert.Equal(Reason.Cancelled, (await EndedAsync("a")).Reason);

        await ReceiveAsync(FrameType.Cancel);
        Assert.False(_pool.HasMessages);
        await SendAsync(FrameType.Done, 1);
        Assert.Equal("a", (await _pool.ExpectMsgAsync<SandboxFree>()).RunId);
        Assert.False(_zygote.Killed.IsCompleted);
    }

    [Fact]
    public async Task A_run_that_passes_a_limit_ends_and_the_others_go_on()
    {
        var sandbox = await StartedAsync();
        await BeginAsync(sandbox, LeaseOf("loud"));
        await BeginAsync(sandbox, LeaseOf("large"));
        await BeginAsync(sandbox, LeaseOf("other"));
        for (var sent = 0; sent <= SandboxTestOptions.Default.OutputLimit; sent += 60_000)
        {
            await SendAsync(FrameType.Stdout, 1, new string('x', 60_000));
        }

        Assert.Equal(Reason.OutputLimit, (await EndedAsync("loud")).Reason);
        await SendAsync(FrameType.Result, 2, "V\u007f\u007f\u007f\u007f");
        Assert.Equal(Reason.OutputLimit, (await EndedAsync("large")).Reason);
        await SendAsync(FrameType.Heard, 1);
        await SendAsync(FrameType.Stdout, 1, "more");
        await ResultAsync(3, 'V', "1");
        await SendAsync(FrameType.Done, 3);
        Assert.Equal(Reason.Ok, (await EndedAsync("other")).Reason);
    }

    [Theory]
    [InlineData("""{"exitCode":null,"signal":11,"cpuMicroseconds":1,"maxRssBytes":1,"last":true}""", Reason.Signal, 0)]
    [InlineData("""{"exitCode":null,"signal":9,"cpuMicroseconds":1,"maxRssBytes":1,"last":true}""", Reason.Oom, 1)]
    [InlineData("""{"exitCode":4,"signal":null,"cpuMicroseconds":1,"maxRssBytes":1,"last":true}""", Reason.Exit, 1)]
    [InlineData("""{"exitCode":0,"signal":null,"cpuMicroseconds":1,"maxRssBytes":1,"last":true}""", Reason.Sandbox, 0)]
    public async Task When_the_process_ends_all_its_runs_do_with_what_it_has_printed(string end, Reason reason, int oomKills)
    {
        var sandbox = await StartedAsync();
        await _pool.WatchAsync(sandbox);
        await BeginAsync(sandbox, LeaseOf("a"));
        await BeginAsync(sandbox, LeaseOf("b"));
        await SendAsync(FrameType.Stdout, 1, "own ");
        _zygote.Counters = new KernelCounters(oomKills, TimeSpan.FromMilliseconds(5), 1 << 20);
        await SendAsync(FrameType.Stderr, 0, "of the process");
        await _zygote.SendAsync(FrameType.End, end);

        Assert.Equal((reason, "own of the process"), Shown(await EndedAsync("a")));
        Assert.Equal((reason, "of the process"), Shown(await EndedAsync("b")));
        await _pool.ExpectMsgAsync<SandboxRetired>();
        await _pool.ExpectTerminatedAsync(sandbox);

        static (Reason Reason, string Logs) Shown(Outcome outcome) => (outcome.Reason, outcome.Logs);
    }

    [Fact]
    public async Task An_exit_that_another_run_has_called_for_is_not_its_own()
    {
        var sandbox = await StartedAsync();
        await BeginAsync(sandbox, LeaseOf("a"));
        await BeginAsync(sandbox, LeaseOf("b"));
        await ResultAsync(1, 'X', "3");
        await SendAsync(FrameType.Done, 1);
        await _pool.ExpectMsgAsync<SandboxRetired>();
        await _pool.ExpectMsgAsync<SandboxFree>();
        await _zygote.SendAsync(FrameType.End, """{"exitCode":3,"signal":null,"cpuMicroseconds":1,"maxRssBytes":1,"last":true}""");

        Assert.Equal((Reason.Exit, 3), (await EndedAsync("a")) is var own ? (own.Reason, own.ExitCode) : default);
        var other = await EndedAsync("b");
        Assert.Equal(Reason.Sandbox, other.Reason);
        Assert.Contains("because of another call", other.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Frames_that_break_the_protocol_end_the_sandbox_and_all_runs()
    {
        var sandbox = await StartedAsync();
        await _pool.WatchAsync(sandbox);
        await BeginAsync(sandbox, LeaseOf("a"));
        await _zygote.SendRawAsync([0x77, 0, 0, 0, 0]);

        Assert.Equal(Reason.Sandbox, (await EndedAsync("a")).Reason);
        await _zygote.Killed.WaitAsync(s_never);
        await _pool.ExpectMsgAsync<SandboxRetired>();
        await _pool.ExpectTerminatedAsync(sandbox);
    }

    [Fact]
    public async Task It_is_closed_with_all_that_runs_in_it()
    {
        var sandbox = await StartedAsync();
        await _pool.WatchAsync(sandbox);
        await BeginAsync(sandbox, LeaseOf("a"));
        sandbox.Tell(CloseSandbox.Instance);

        Assert.Equal(Reason.Cancelled, (await EndedAsync("a")).Reason);
        await _pool.ExpectMsgAsync<SandboxRetired>();
        await _pool.ExpectTerminatedAsync(sandbox);
    }

    [Fact]
    public async Task When_the_actor_is_stopped_the_process_dies_and_the_callers_are_answered()
    {
        var sandbox = await StartedAsync();
        await BeginAsync(sandbox, LeaseOf("a"));
        sandbox.Tell(PoisonPill.Instance);

        Assert.Equal(Reason.Cancelled, (await EndedAsync("a")).Reason);
        await _zygote.Disposed.WaitAsync(s_never);
    }

    [Fact]
    public async Task A_cost_that_is_asked_for_is_that_of_the_whole_sandbox_meanwhile()
    {
        var sandbox = await StartedAsync();
        _zygote.Counters = new KernelCounters(0, TimeSpan.FromMilliseconds(30), 1 << 20);
        await BeginAsync(sandbox, LeaseOf("a", withCost: true));
        _zygote.Counters = new KernelCounters(0, TimeSpan.FromMilliseconds(50), 3 << 20);
        await ResultAsync(1, 'V', "1");
        await SendAsync(FrameType.Done, 1);

        var usage = (await EndedAsync("a")).Usage;

        Assert.Equal((TimeSpan.FromMilliseconds(20), 3 << 20), (usage.Cpu, usage.MaxRssBytes));
    }

    [Fact]
    public async Task A_stream_whose_client_does_not_read_holds_up_no_other_run_and_ends_at_the_output_limit()
    {
        var sandbox = await StartedAsync();
        await BeginAsync(sandbox, LeaseOf("stream", stream: true));
        var streaming = await Caller("stream").ExpectMsgAsync<RunStreaming>();
        await BeginAsync(sandbox, LeaseOf("other"));
        for (var sent = 0; sent <= SandboxTestOptions.Default.OutputLimit; sent += 60_000)
        {
            await SendAsync(FrameType.Stdout, 1, new string('x', 59_999) + "\n");
        }

        await ResultAsync(2, 'V', "1");
        await SendAsync(FrameType.Done, 2);
        Assert.Equal(Reason.Ok, (await EndedAsync("other")).Reason);
        var events = await EventsAsync(streaming.Output);
        Assert.Equal(Reason.OutputLimit, Assert.IsType<OutputEnded>(events[^1]).Outcome.Reason);
        Assert.True(events.Count > 100);
    }

    [Fact]
    public async Task A_stream_has_its_own_lines_and_its_outcome()
    {
        var sandbox = await StartedAsync();
        await BeginAsync(sandbox, LeaseOf("stream", stream: true));
        var streaming = await Caller("stream").ExpectMsgAsync<RunStreaming>();
        var events = EventsAsync(streaming.Output);
        await SendAsync(FrameType.Stdout, 1, "one\ntwo");
        await ResultAsync(1, 'V', "1");
        await SendAsync(FrameType.Done, 1);

        Assert.Equal(["one", "two", "Ok"], (await events).Select(told => told switch
        {
            OutputLine line => Encoding.UTF8.GetString(line.Bytes.Span),
            OutputEnded ended => $"{ended.Outcome.Reason}",
            _ => "",
        }));
    }

    private async Task<IReadOnlyList<OutputEvent>> EventsAsync(Source<IReadOnlyList<OutputEvent>, NotUsed> output)
    {
        var batches = await output.RunWith(Sink.Seq<IReadOnlyList<OutputEvent>>(), Sys.Materializer());
        return [.. batches.SelectMany(batch => batch)];
    }

    private TestProbe Caller(string runId) => _callers[runId];

    private static string Text(Outcome outcome) => Encoding.UTF8.GetString(outcome.Data!.Json.Span);

    private Lease LeaseOf(string runId, long version = 1, bool withCost = false, bool stream = false)
    {
        var run = new Run(
            runId,
            "path",
            ScriptCode.Of(Language.JavaScript, "1"),
            RunMode.Execute,
            Isolation.Shared,
            "{}"u8.ToArray(),
            stream,
            version,
            withCost,
            Concurrency: 4);
        return new Lease(run, _callers[runId] = CreateTestProbe(), Warmth.Warm);
    }

    private async Task<IActorRef> StartedAsync(TimeSpan? timeout = null, ScriptedZygote? zygote = null)
    {
        var options = SandboxTestOptions.Default with { Timeout = timeout ?? SandboxTestOptions.Default.Timeout };
        var sandbox = _pool.ChildActorOf(SandboxActor.Props(new ImageKey(Runtime.Node), _launcher, options));
        _launcher.Start.SetResult(zygote ?? _zygote);
        await (zygote ?? _zygote).ReadyAsync();
        await _pool.ExpectMsgAsync<SandboxReady>();
        return sandbox;
    }

    // A process sends no frame of a run before it has got the run.
    private async Task BeginAsync(IActorRef sandbox, Lease lease)
    {
        sandbox.Tell(lease);
        await ReceiveAsync(FrameType.Run);
    }

    private Task SendAsync(FrameType type, uint number, string text = "")
    {
        var payload = new byte[4 + Encoding.UTF8.GetByteCount(text)];
        BinaryPrimitives.WriteUInt32LittleEndian(payload, number);
        Encoding.UTF8.GetBytes(text, payload.AsSpan(4));
        return _zygote.SendAsync(type, payload);
    }

    private Task ResultAsync(uint number, char kind, string payload)
    {
        var header = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(header, Encoding.UTF8.GetByteCount(payload));
        return SendAsync(FrameType.Result, number, $"{kind}{Encoding.UTF8.GetString(header)}{payload}");
    }

    private async Task ReceiveAsync(FrameType type)
    {
        while ((await _zygote.ReceiveAsync()).Type != type)
        {
        }
    }

    private async Task<Outcome> EndedAsync(string runId)
    {
        var ended = await Caller(runId).ExpectMsgAsync<RunEnded>();
        Assert.Equal(runId, ended.RunId);
        return ended.Outcome;
    }
}
