using System.Buffers;
using System.Text;
using System.Text.Json;
using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Reply;
using Faas.Actors.Sandboxes;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Sandboxes.Protocol;
using Faas.Actors.Scripts;
using Xunit;

namespace Faas.Actors.Tests.Sandboxes;

public sealed class SandboxActorTests : TestKit
{
    private static readonly TimeSpan s_never = TimeSpan.FromMinutes(10);

    private readonly ScriptedLauncher _launcher = new();
    private readonly TestProbe _pool;
    private readonly TestProbe _caller;

    public SandboxActorTests()
        : base("akka { loglevel = WARNING, test.single-expect-default = 50s }")
    {
        _pool = CreateTestProbe();
        _caller = CreateTestProbe();
    }

    [Fact]
    public async Task It_runs_one_invocation_after_another_and_sends_the_program_once()
    {
        var (sandbox, zygote) = await StartedAsync();
        sandbox.Tell(LeaseOf("a", withCost: true));
        Assert.Equal(FrameType.Program, (await zygote.ReceiveAsync()).Type);
        Assert.Equal((FrameType.Run, "{}"), await zygote.ReceiveAsync());
        await zygote.SendAsync(FrameType.Stdout, "{\"forged\":1}\n");
        await zygote.ResultAsync('V', "42");
        await zygote.EndAsync();
        var first = await EndedAsync("a");
        Assert.Equal("42", Encoding.UTF8.GetString(first.Data!.Json.Span));
        Assert.Equal((Warmth.Warm, 4096), (first.Warmth, first.Usage.MaxRssBytes));
        Assert.Equal("a", (await _pool.ExpectMsgAsync<SandboxFree>()).RunId);

        sandbox.Tell(LeaseOf("b"));
        Assert.Equal(FrameType.Run, (await zygote.ReceiveAsync()).Type);
        await zygote.EndAsync(exitCode: 3);
        Assert.Equal((Reason.Exit, 3), (await EndedAsync("b")) is var second ? (second.Reason, second.ExitCode) : default);
        await _pool.ExpectMsgAsync<SandboxFree>();
        Assert.False(zygote.Killed.IsCompleted);
    }

    [Fact]
    public async Task A_process_that_stays_is_asked_for_in_the_program_and_serves_its_version_alone()
    {
        var (sandbox, zygote) = await StartedAsync();
        var lease = LeaseOf("a", isolation: Isolation.Shared);
        sandbox.Tell(lease);
        Assert.Contains("\"isolation\":\"shared\"", (await zygote.ReceiveAsync()).Payload, StringComparison.Ordinal);
        await zygote.ResultAsync('V', "1");
        await zygote.EndAsync();
        await EndedAsync("a");
        await _pool.ExpectMsgAsync<SandboxFree>();

        sandbox.Tell(lease with { Run = lease.Run with { RunId = "b", Version = 2 } });

        Assert.Equal(Reason.Sandbox, (await EndedAsync("b")).Reason);
        Assert.False(zygote.Killed.IsCompleted);
    }

    [Fact]
    public async Task Files_go_before_the_order_and_a_value_waits_for_those_that_come_back()
    {
        var (sandbox, zygote) = await StartedAsync();
        var lease = LeaseOf("a");
        var big = new ByteSegments();
        big.Append(new byte[100_000]);
        var run = lease.Run with
        {
            GivesFiles = true,
            Files = [new RunFile("ä", new ReadOnlySequence<byte>("1"u8.ToArray())), new RunFile("big", big.ToSequence())],
        };
        sandbox.Tell(lease with { Run = run });
        Assert.Contains("\"out\":{\"files\":100,\"bytes\":16777216}", (await zygote.ReceiveAsync()).Payload, StringComparison.Ordinal);
        Assert.Equal((FrameType.File, "ä"), await zygote.ReceiveAsync());
        Assert.Equal((FrameType.FileBytes, "1"), await zygote.ReceiveAsync());
        Assert.Equal((FrameType.File, "big"), await zygote.ReceiveAsync());
        var received = 0;
        (FrameType Type, string Payload) next;
        while ((next = await zygote.ReceiveAsync()).Type == FrameType.FileBytes)
        {
            received += next.Payload.Length;
        }

        Assert.Equal((100_000, FrameType.Run), (received, next.Type));

        await zygote.SendAsync(FrameType.Out, "");
        await zygote.ResultAsync('V', "42");
        await zygote.SendAsync(FrameType.OutFile, "b");
        await zygote.SendAsync(FrameType.OutFile, "a");
        await zygote.SendAsync(FrameType.OutBytes, "x");
        await zygote.SendAsync(FrameType.OutBytes, "y");
        Assert.False(_caller.HasMessages);
        await zygote.EndAsync();
        var outcome = await EndedAsync("a");
        Assert.Equal([("a", "xy"), ("b", "")], outcome.Files.Select(file => (file.Name, Encoding.UTF8.GetString(file.Content))));
    }

    [Theory]
    [InlineData("{\"over\":true,\"detail\":\"too\\nmuch\"}", Reason.OutputLimit)]
    [InlineData("{\"over\":false,\"detail\":\"too\\nmuch\"}", Reason.Error)]
    [InlineData("{}", Reason.Sandbox)]
    public async Task Files_that_cannot_come_back_end_the_run_badly(string refusal, Reason reason)
    {
        var (sandbox, zygote) = await StartedAsync();
        var lease = LeaseOf("a");
        sandbox.Tell(lease with { Run = lease.Run with { GivesFiles = true } });
        await zygote.SendAsync(FrameType.Out, "");
        await zygote.ResultAsync('V', "42");
        await zygote.SendAsync(FrameType.OutRefused, refusal);
        if (reason != Reason.Sandbox)
        {
            await zygote.EndAsync();
        }

        var outcome = await EndedAsync("a");
        Assert.Equal(reason, outcome.Reason);
        Assert.Contains(reason == Reason.Sandbox ? "without detail" : "too much", outcome.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_that_takes_no_files_does_not_wait_for_them()
    {
        var (sandbox, zygote) = await StartedAsync();
        sandbox.Tell(LeaseOf("a"));
        await zygote.SendAsync(FrameType.Out, "");
        await zygote.ResultAsync('V', "42");
        Assert.Equal(Reason.Ok, (await EndedAsync("a")).Reason);
        await zygote.SendAsync(FrameType.OutRefused, "{\"over\":true,\"detail\":\"d\"}");
        await zygote.EndAsync();
        await _pool.ExpectMsgAsync<SandboxFree>();
    }

    [Fact]
    public async Task A_returned_value_is_passed_on_before_its_processes_are_gone_and_only_then_may_the_next_come()
    {
        var (sandbox, zygote) = await StartedAsync();
        sandbox.Tell(LeaseOf("a"));
        await zygote.ResultAsync('V', "42");
        Assert.Equal("42", Encoding.UTF8.GetString((await EndedAsync("a")).Data!.Json.Span));
        Assert.False(_pool.HasMessages);

        await zygote.EndAsync(exitCode: 1);
        Assert.Equal("a", (await _pool.ExpectMsgAsync<SandboxFree>()).RunId);
        var measured = await _caller.ExpectMsgAsync<RunMeasured>();
        Assert.Equal(("a", true), (measured.RunId, measured.Usage.MaxRssBytes > 0));
        Assert.False(_caller.HasMessages);
    }

    [Theory]
    [InlineData('V', "42", true)]
    [InlineData('N', "", false)]
    public async Task Only_a_value_that_is_told_early_says_that_its_cost_follows(char kind, string payload, bool follows)
    {
        var (sandbox, zygote) = await StartedAsync();
        sandbox.Tell(LeaseOf("a"));
        await zygote.ResultAsync(kind, payload);
        if (!follows)
        {
            await zygote.EndAsync();
        }

        Assert.Equal(follows, (await _caller.ExpectMsgAsync<RunEnded>()).CostFollows);
    }

    [Theory]
    [InlineData('N', "")]
    [InlineData('E', """{"name":"Error","message":"no"}""")]
    [InlineData('V', "no json")]
    public async Task Whatever_else_a_script_ends_with_is_told_when_nothing_of_it_is_left(char kind, string payload)
    {
        var (sandbox, zygote) = await StartedAsync();
        sandbox.Tell(LeaseOf("a"));
        await zygote.ResultAsync(kind, payload);
        await _caller.ExpectNoMsgAsync(TimeSpan.FromMilliseconds(100));

        await zygote.EndAsync();

        await EndedAsync("a");
    }

    [Fact]
    public async Task A_value_whose_cost_is_asked_for_waits_for_that()
    {
        var (sandbox, zygote) = await StartedAsync();
        sandbox.Tell(LeaseOf("a", withCost: true));
        await zygote.ResultAsync('V', "42");
        await _caller.ExpectNoMsgAsync(TimeSpan.FromMilliseconds(100));

        await zygote.EndAsync();

        Assert.Equal(4096, (await EndedAsync("a")).Usage.MaxRssBytes);
    }

    [Fact]
    public async Task A_value_whose_logs_are_asked_for_waits_for_all_of_them()
    {
        var (sandbox, zygote) = await StartedAsync();
        sandbox.Tell(LeaseOf("a", withLogs: true));
        await zygote.SendAsync(FrameType.Stdout, "before\n");
        await zygote.ResultAsync('V', "42");
        await _caller.ExpectNoMsgAsync(TimeSpan.FromMilliseconds(100));
        await zygote.SendAsync(FrameType.Stderr, "after\n");
        await zygote.EndAsync();

        Assert.Equal((Reason.Ok, "before\nafter\n"), (await EndedAsync("a")) is var ended ? (ended.Reason, ended.Logs) : default);
    }

    [Fact]
    public async Task Returned_bytes_are_told_before_the_end_as_any_value()
    {
        var (sandbox, zygote) = await StartedAsync();
        sandbox.Tell(LeaseOf("a"));
        await zygote.ResultAsync('B', """{"base64":"AAFi","mediaType":"image/png"}""");

        Assert.Equal(DataType.Bytes, (await EndedAsync("a")).Data!.Type);
    }

    [Fact]
    public async Task A_zygote_that_dies_after_the_value_takes_nothing_back()
    {
        var (sandbox, zygote) = await StartedAsync();
        await _pool.WatchAsync(sandbox);
        sandbox.Tell(LeaseOf("a"));
        await zygote.ResultAsync('V', "42");
        Assert.Equal(Reason.Ok, (await EndedAsync("a")).Reason);

        zygote.Die(71);

        await _pool.ExpectTerminatedAsync(sandbox);
        await _caller.ExpectMsgAsync<RunMeasured>();
        Assert.False(_caller.HasMessages);
    }

    [Fact]
    public async Task A_zygote_that_does_not_end_a_call_is_killed_at_the_deadline_though_its_value_is_told()
    {
        var zygote = new ScriptedZygote();
        var sandbox = await StartedAsync(zygote, Options() with { Timeout = TimeSpan.FromMilliseconds(50) });
        await _pool.WatchAsync(sandbox);
        sandbox.Tell(LeaseOf("a"));
        await zygote.ResultAsync('V', "42");

        await zygote.Killed.WaitAsync(s_never);

        await _pool.ExpectTerminatedAsync(sandbox);
    }

    [Fact]
    public async Task The_deadline_of_a_run_is_its_versions_and_that_of_a_check_the_operators()
    {
        var (sandbox, zygote) = await StartedAsync();
        var settings = new RunSettings { Timeout = TimeSpan.FromMilliseconds(50) };
        var check = LeaseOf("a", mode: RunMode.Check);
        sandbox.Tell(check with { Run = check.Run with { Settings = settings } });
        Assert.Contains("\"timeoutMilliseconds\":50", (await zygote.ReceiveAsync()).Payload, StringComparison.Ordinal);
        await Task.Delay(TimeSpan.FromMilliseconds(200));
        await zygote.ResultAsync('N', "");
        await zygote.EndAsync();
        Assert.Equal(Reason.Ok, (await EndedAsync("a")).Reason);

        var run = LeaseOf("b");
        sandbox.Tell(run with { Run = run.Run with { Settings = settings } });

        Assert.Equal("The script ran longer than 0.05 s.", (await EndedAsync("b")).Detail);
    }

    [Fact]
    public async Task The_limits_of_a_version_are_set_once_before_its_program()
    {
        var limited = new TaskCompletionSource();
        var zygote = new ScriptedZygote { OnLimits = _ => limited.Task };
        var sandbox = await StartedAsync(zygote, Options());
        var settings = new RunSettings { MemoryBytes = 64 << 20, Cpus = 0.5 };
        var lease = LeaseOf("a");
        sandbox.Tell(lease with { Run = lease.Run with { Settings = settings } });
        var program = zygote.ReceiveAsync();
        Assert.NotSame(program, await Task.WhenAny(program, Task.Delay(TimeSpan.FromMilliseconds(100))));
        Assert.Equal([new SandboxLimits(64 << 20, 0.5, Options().Pids)], zygote.Limits);

        limited.SetResult();

        var told = JsonDocument.Parse((await program).Payload).RootElement;
        Assert.Equal((64 << 20, 0.5), (told.GetProperty("memoryBytes").GetInt64(), told.GetProperty("cpus").GetDouble()));
        Assert.Equal(32 << 20, told.GetProperty("heapBytes").GetInt64());
        Assert.Equal(FrameType.Run, (await zygote.ReceiveAsync()).Type);
        await zygote.ResultAsync('V', "1");
        await zygote.EndAsync();
        await EndedAsync("a");
        sandbox.Tell(lease with { Run = lease.Run with { RunId = "b", Settings = settings } });
        Assert.Equal(FrameType.Run, (await zygote.ReceiveAsync()).Type);
        Assert.Single(zygote.Limits);
    }

    [Fact]
    public async Task A_sandbox_that_is_bound_without_a_run_has_its_program_before_its_first_order()
    {
        var limited = new TaskCompletionSource();
        var zygote = new ScriptedZygote { OnLimits = _ => limited.Task };
        var sandbox = await StartedAsync(zygote, Options());
        var lease = LeaseOf("a");
        var run = lease.Run with { Settings = new RunSettings { Pids = 16, Timeout = TimeSpan.FromMinutes(1) } };
        sandbox.Tell(new BindSandbox(run));
        sandbox.Tell(lease with { Run = run });
        var program = zygote.ReceiveAsync();
        Assert.NotSame(program, await Task.WhenAny(program, Task.Delay(TimeSpan.FromMilliseconds(100))));

        limited.SetResult();

        Assert.Equal(FrameType.Program, (await program).Type);
        Assert.Equal(FrameType.Run, (await zygote.ReceiveAsync()).Type);
        await zygote.ResultAsync('V', "1");
        await zygote.EndAsync();
        Assert.Equal(Reason.Ok, (await EndedAsync("a")).Reason);
        Assert.Single(zygote.Limits);
    }

    [Fact]
    public async Task A_sandbox_that_is_bound_without_a_run_takes_no_run_of_another_program()
    {
        var (sandbox, zygote) = await StartedAsync();
        sandbox.Tell(new BindSandbox(LeaseOf("a").Run));
        Assert.Equal(FrameType.Program, (await zygote.ReceiveAsync()).Type);

        sandbox.Tell(LeaseOf("b", source: "2"));

        Assert.Equal(Reason.Sandbox, (await EndedAsync("b")).Reason);
    }

    [Fact]
    public async Task A_sandbox_that_cannot_be_bound_without_a_run_ends()
    {
        var zygote = new ScriptedZygote { OnLimits = _ => Task.FromException(new IOException("Device or resource busy")) };
        var sandbox = await StartedAsync(zygote, Options());
        await _pool.WatchAsync(sandbox);

        sandbox.Tell(new BindSandbox(LeaseOf("a").Run with { Settings = new RunSettings { Pids = 16 } }));

        await zygote.Killed.WaitAsync(s_never);
        await _pool.ExpectTerminatedAsync(sandbox);
    }

    [Fact]
    public async Task A_version_with_the_operators_limits_sets_none()
    {
        var (sandbox, zygote) = await StartedAsync();
        var lease = LeaseOf("a");
        sandbox.Tell(lease with { Run = lease.Run with { Settings = new RunSettings { Timeout = TimeSpan.FromMinutes(1) } } });

        Assert.DoesNotContain("heapBytes", (await zygote.ReceiveAsync()).Payload, StringComparison.Ordinal);
        Assert.Empty(zygote.Limits);
    }

    [Fact]
    public async Task A_sandbox_that_cannot_have_the_limits_of_a_version_runs_nothing_of_it_and_is_killed()
    {
        var zygote = new ScriptedZygote { OnLimits = _ => Task.FromException(new IOException("Device or resource busy")) };
        var sandbox = await StartedAsync(zygote, Options());
        var lease = LeaseOf("a");
        sandbox.Tell(lease with { Run = lease.Run with { Settings = new RunSettings { Pids = 16 } } });

        var outcome = await EndedAsync("a");

        Assert.Equal(Reason.Sandbox, outcome.Reason);
        Assert.Contains("its limits cannot be set: Device or resource busy", outcome.Detail, StringComparison.Ordinal);
        Assert.True(zygote.Killed.IsCompleted);
    }

    [Fact]
    public async Task A_check_is_sent_as_one_and_passes_with_null()
    {
        var (sandbox, zygote) = await StartedAsync();
        sandbox.Tell(LeaseOf("a", mode: RunMode.Check));
        Assert.Equal(FrameType.Program, (await zygote.ReceiveAsync()).Type);
        Assert.Equal((FrameType.Check, ""), await zygote.ReceiveAsync());
        await zygote.ResultAsync('N', "");
        await zygote.EndAsync();
        Assert.Equal(DataType.Json, (await EndedAsync("a")).Data!.Type);
    }

    [Fact]
    public async Task With_walls_of_its_own_the_answer_is_given_and_the_sandbox_destroyed()
    {
        var (sandbox, zygote) = await StartedAsync();
        await _pool.WatchAsync(sandbox);
        sandbox.Tell(LeaseOf("a", isolation: Isolation.Sandbox));
        await zygote.ResultAsync('V', "1");
        await zygote.EndAsync();
        Assert.Equal(Reason.Ok, (await EndedAsync("a")).Reason);
        await zygote.Killed.WaitAsync(s_never);
        await _pool.ExpectTerminatedAsync(sandbox);
        await zygote.Disposed.WaitAsync(s_never);
    }

    [Fact]
    public async Task After_an_END_that_is_the_last_the_answer_is_given_and_the_sandbox_destroyed()
    {
        var zygote = new ScriptedZygote { DiesWhenKilled = false };
        var sandbox = await StartedAsync(zygote, Options());
        await _pool.WatchAsync(sandbox);
        sandbox.Tell(LeaseOf("a"));
        await zygote.ResultAsync('V', "1");
        await zygote.LastEndAsync();
        Assert.Equal(Reason.Ok, (await EndedAsync("a")).Reason); // while the sandbox is still dying
        await zygote.Killed.WaitAsync(s_never);
        zygote.Die(137);
        await _pool.ExpectTerminatedAsync(sandbox);
        Assert.False(_pool.HasMessages);
    }

    [Fact]
    public async Task A_zygote_that_is_gone_before_its_last_END_is_read_loses_no_outcome()
    {
        var zygote = new ScriptedZygote();
        var sandbox = await StartedAsync(zygote, Options());
        await _pool.WatchAsync(sandbox);
        sandbox.Tell(LeaseOf("a"));
        zygote.DieWithOpenPipe(0);
        await zygote.ResultAsync('V', "1");
        await zygote.LastEndAsync();
        Assert.Equal(Reason.Ok, (await EndedAsync("a")).Reason);
        await _pool.ExpectTerminatedAsync(sandbox);
    }

    [Fact]
    public async Task At_the_deadline_it_kills_and_answers_only_once_nothing_is_left()
    {
        var zygote = new ScriptedZygote { DiesWhenKilled = false };
        var sandbox = await StartedAsync(zygote, Options() with { Timeout = TimeSpan.FromMilliseconds(50) });
        await _pool.WatchAsync(sandbox);
        sandbox.Tell(LeaseOf("a"));
        await zygote.SendAsync(FrameType.Stderr, "working\n");
        await zygote.Killed.WaitAsync(s_never);
        zygote.FallSilent();
        await _caller.ExpectNoMsgAsync(TimeSpan.FromMilliseconds(50));
        zygote.Die(137);
        var outcome = await EndedAsync("a");
        Assert.Equal((Reason.Timeout, "working\n"), (outcome.Reason, outcome.Logs));
        Assert.Contains("0.05 s", outcome.Detail, StringComparison.Ordinal);
        await _pool.ExpectTerminatedAsync(sandbox);
    }

    [Fact]
    public async Task The_deadline_of_one_invocation_does_not_end_the_next()
    {
        var (sandbox, zygote) = await StartedAsync();
        sandbox.Tell(LeaseOf("a"));
        await zygote.EndAsync();
        await EndedAsync("a");
        sandbox.Tell(LeaseOf("b"));
        sandbox.Tell(new StopRun("a"));
        await zygote.EndAsync();
        Assert.Equal(Reason.Ok, (await EndedAsync("b")).Reason);
        Assert.False(zygote.Killed.IsCompleted);
    }

    [Fact]
    public async Task A_stop_kills_and_is_cancelled()
    {
        var (sandbox, zygote) = await StartedAsync();
        await _pool.WatchAsync(sandbox);
        sandbox.Tell(LeaseOf("a"));
        sandbox.Tell(new StopRun("a"));
        Assert.Equal(Reason.Cancelled, (await EndedAsync("a")).Reason);
        await zygote.Disposed.WaitAsync(s_never);
        await _pool.ExpectTerminatedAsync(sandbox);
    }

    [Fact]
    public async Task Output_over_the_limit_kills()
    {
        var (sandbox, zygote) = await StartedAsync(Options() with { OutputLimit = 1024 });
        sandbox.Tell(LeaseOf("a"));
        await zygote.SendAsync(FrameType.Stdout, new string('x', 1000));
        await zygote.SendAsync(FrameType.Stderr, new string('y', 25));
        var outcome = await EndedAsync("a");
        Assert.Equal(Reason.OutputLimit, outcome.Reason);
        Assert.EndsWith("y", outcome.Logs, StringComparison.Ordinal);
        await zygote.Killed.WaitAsync(s_never);
    }

    [Fact]
    public async Task A_result_over_the_limit_kills_at_its_header()
    {
        var (sandbox, zygote) = await StartedAsync(Options() with { ResultLimit = 1024 });
        sandbox.Tell(LeaseOf("a"));
        await zygote.SendAsync(FrameType.Result, [(byte)'V', 1, 4, 0, 0]);
        Assert.Equal(Reason.OutputLimit, (await EndedAsync("a")).Reason);
    }

    [Fact]
    public async Task A_kernel_kill_is_oom_even_when_the_script_returns()
    {
        var (sandbox, zygote) = await StartedAsync();
        sandbox.Tell(LeaseOf("a"));
        await zygote.ReceiveAsync();
        await zygote.ReceiveAsync();
        zygote.Counters = new(OomKills: 1, TimeSpan.Zero, 0);
        await zygote.ResultAsync('V', "1");
        await zygote.EndAsync();
        Assert.Equal(Reason.Oom, (await EndedAsync("a")).Reason);

        sandbox.Tell(LeaseOf("b"));
        await zygote.ResultAsync('V', "1");
        await zygote.EndAsync();
        Assert.Equal(Reason.Ok, (await EndedAsync("b")).Reason);
    }

    [Fact]
    public async Task A_zygote_that_the_kernel_kills_for_memory_is_oom()
    {
        var (sandbox, zygote) = await StartedAsync();
        sandbox.Tell(LeaseOf("a"));
        await zygote.ReceiveAsync();
        zygote.Counters = new(OomKills: 2, TimeSpan.Zero, 0);
        zygote.Die(137);
        Assert.Equal(Reason.Oom, (await EndedAsync("a")).Reason);
    }

    [Fact]
    public async Task A_zygote_that_dies_is_our_fault()
    {
        var (sandbox, zygote) = await StartedAsync();
        await _pool.WatchAsync(sandbox);
        sandbox.Tell(LeaseOf("a"));
        zygote.Die(71, "could not empty /tmp");
        var outcome = await EndedAsync("a");
        Assert.Equal(Reason.Sandbox, outcome.Reason);
        Assert.Contains("could not empty /tmp", outcome.Detail, StringComparison.Ordinal);
        await _pool.ExpectTerminatedAsync(sandbox);
    }

    [Theory]
    [InlineData(new byte[] { 0x99, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 0x82, 0xff, 0xff, 0xff, 0xff })]
    [InlineData(new byte[] { 0x85, 2, 0, 0, 0, (byte)'{', (byte)'}' })]
    [InlineData(new byte[] { 0x01, 2, 0, 0, 0, (byte)'{', (byte)'}' })]
    public async Task A_zygote_that_speaks_nonsense_is_killed(byte[] nonsense)
    {
        var (sandbox, zygote) = await StartedAsync();
        sandbox.Tell(LeaseOf("a"));
        await zygote.SendRawAsync(nonsense);
        Assert.Equal(Reason.Sandbox, (await EndedAsync("a")).Reason);
        await zygote.Killed.WaitAsync(s_never);
    }

    [Fact]
    public async Task Bytes_after_the_end_are_nonsense()
    {
        var (sandbox, zygote) = await StartedAsync();
        sandbox.Tell(LeaseOf("a"));
        var end = Encoding.UTF8.GetBytes("""{"exitCode":0,"signal":null,"cpuMicroseconds":1,"maxRssBytes":1}""");
        await zygote.SendRawAsync([0x85, (byte)end.Length, 0, 0, 0, .. end, 0x82, 1, 0, 0, 0, (byte)'x']);
        Assert.Equal(Reason.Sandbox, (await EndedAsync("a")).Reason);
    }

    [Fact]
    public async Task A_zygote_that_has_spoken_without_being_asked_is_killed_and_what_it_said_answers_no_call()
    {
        var (sandbox, zygote) = await StartedAsync();
        sandbox.Tell(LeaseOf("a"));
        await zygote.EndAsync();
        await EndedAsync("a");
        await _pool.ExpectMsgAsync<SandboxFree>();
        await zygote.ResultAsync('V', "42");
        zygote.HasUnread = true;

        sandbox.Tell(LeaseOf("b"));

        Assert.Equal(Reason.Sandbox, (await EndedAsync("b")).Reason);
        await zygote.Killed.WaitAsync(s_never);
    }

    [Fact]
    public async Task An_invocation_of_another_program_is_refused()
    {
        var (sandbox, zygote) = await StartedAsync();
        sandbox.Tell(LeaseOf("a"));
        await zygote.EndAsync();
        await EndedAsync("a");
        sandbox.Tell(LeaseOf("b", source: "2"));
        Assert.Equal(Reason.Sandbox, (await EndedAsync("b")).Reason);
    }

    [Fact]
    public async Task A_close_kills_and_ends_it()
    {
        var (sandbox, zygote) = await StartedAsync();
        await _pool.WatchAsync(sandbox);
        sandbox.Tell(CloseSandbox.Instance);
        await _pool.ExpectTerminatedAsync(sandbox);
        await zygote.Disposed.WaitAsync(s_never);
    }

    [Fact]
    public async Task An_idle_sandbox_whose_zygote_dies_ends()
    {
        var (sandbox, zygote) = await StartedAsync();
        await _pool.WatchAsync(sandbox);
        zygote.Die(1);
        await _pool.ExpectTerminatedAsync(sandbox);
    }

    [Fact]
    public async Task A_launcher_that_fails_is_reported_and_ends_it()
    {
        var sandbox = Create(Options());
        await _pool.WatchAsync(sandbox);
        _launcher.Start.SetException(new SandboxStartException("no bwrap"));
        Assert.Equal("no bwrap", (await _pool.ExpectMsgAsync<SandboxStartFailed>()).Why);
        await _pool.ExpectTerminatedAsync(sandbox);
    }

    [Fact]
    public async Task A_runtime_that_ends_before_it_is_ready_is_reported_with_its_stderr()
    {
        var sandbox = Create(Options());
        await _pool.WatchAsync(sandbox);
        var zygote = new ScriptedZygote();
        _launcher.Start.SetResult(zygote);
        zygote.Die(1, "bwrap: setting up uid map: Permission denied");
        Assert.Contains("setting up uid map", (await _pool.ExpectMsgAsync<SandboxStartFailed>()).Why, StringComparison.Ordinal);
        await _pool.ExpectTerminatedAsync(sandbox);
    }

    [Fact]
    public async Task A_runtime_that_never_answers_is_killed_and_reported()
    {
        var sandbox = Create(Options() with { StartTimeout = TimeSpan.FromMilliseconds(100) });
        await _pool.WatchAsync(sandbox);
        var zygote = new ScriptedZygote();
        _launcher.Start.SetResult(zygote);
        Assert.Contains("0.1 s", (await _pool.ExpectMsgAsync<SandboxStartFailed>()).Why, StringComparison.Ordinal);
        await zygote.Disposed.WaitAsync(s_never);
        await _pool.ExpectTerminatedAsync(sandbox);
    }

    [Fact]
    public async Task A_close_during_the_start_leaves_no_process_when_it_comes_late()
    {
        var sandbox = Create(Options());
        await _pool.WatchAsync(sandbox);
        sandbox.Tell(CloseSandbox.Instance);
        await AwaitConditionAsync(() => Task.FromResult(_launcher.Cancellation.IsCancellationRequested));
        var zygote = new ScriptedZygote();
        _launcher.Start.SetResult(zygote);
        await zygote.Disposed.WaitAsync(s_never);
        await _pool.ExpectTerminatedAsync(sandbox);
    }

    [Fact]
    public async Task A_process_that_comes_after_the_actor_is_dead_is_killed()
    {
        var sandbox = Create(Options());
        await _pool.WatchAsync(sandbox);
        sandbox.Tell(PoisonPill.Instance);
        await _pool.ExpectTerminatedAsync(sandbox);
        var zygote = new ScriptedZygote();
        _launcher.Start.SetResult(zygote);
        await zygote.Disposed.WaitAsync(s_never);
    }

    [Fact]
    public async Task When_the_actor_is_stopped_the_process_dies_and_the_caller_is_answered()
    {
        var (sandbox, zygote) = await StartedAsync();
        sandbox.Tell(LeaseOf("a"));
        await zygote.ReceiveAsync();
        sandbox.Tell(PoisonPill.Instance);
        Assert.Equal(Reason.Cancelled, (await EndedAsync("a")).Reason);
        await zygote.Disposed.WaitAsync(s_never);
    }

    private static SandboxOptions Options() => SandboxTestOptions.Default;

    private static ScriptCode Code(string source) => ScriptCode.Of(Language.JavaScript, source);

    private Lease LeaseOf(
        string runId,
        RunMode mode = RunMode.Execute,
        Isolation isolation = Isolation.Process,
        string source = "1",
        bool withCost = false,
        bool withLogs = false) =>
        new(
        new Run(runId, "path", Code(source), mode, isolation, "{}"u8.ToArray(), Stream: false, WithUsage: withCost, WithLogs: withLogs),
        _caller,
        Warmth.Warm);

    private IActorRef Create(SandboxOptions options) =>
        _pool.ChildActorOf(SandboxActor.Props(new ImageKey(Runtime.Node), _launcher, options));

    private async Task<(IActorRef Sandbox, ScriptedZygote Zygote)> StartedAsync(SandboxOptions? options = null)
    {
        var zygote = new ScriptedZygote();
        return (await StartedAsync(zygote, options ?? Options()), zygote);
    }

    private async Task<IActorRef> StartedAsync(ScriptedZygote zygote, SandboxOptions options)
    {
        var sandbox = Create(options);
        _launcher.Start.SetResult(zygote);
        await zygote.ReadyAsync();
        await _pool.ExpectMsgAsync<SandboxReady>();
        return sandbox;
    }

    private async Task<Outcome> EndedAsync(string runId)
    {
        var ended = await _caller.ExpectMsgAsync<RunEnded>();
        Assert.Equal(runId, ended.RunId);
        return ended.Outcome;
    }
}
