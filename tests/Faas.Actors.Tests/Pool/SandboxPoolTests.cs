using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Faas.Actors.Pool;
using Faas.Actors.Pool.Scheduler;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Reply;
using Faas.Actors.Sandboxes;
using Faas.Actors.Sandboxes.Mothers;
using Faas.Actors.Scripts;
using Faas.Actors.Telemetry;
using Faas.Actors.Tests.Telemetry;
using Xunit;

namespace Faas.Actors.Tests.Pool;

/// <summary>The pool's actor by its messages, with scripted sandboxes and virtual time.</summary>
public sealed class SandboxPoolTests : TestKit
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    private readonly TestProbe _sandboxes;

    public SandboxPoolTests()
        : base("""akka.scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit" """) => _sandboxes = CreateTestProbe();

    private TestScheduler Scheduler => (TestScheduler)Sys.Scheduler;

    [Fact]
    public async Task A_call_is_cold_the_next_of_its_code_warm_and_one_of_other_code_takes_the_spare()
    {
        var pool = Start(size: 3);
        pool.Tell(Call("1", "a"));
        var first = await BornAsync(Runtime.Node);
        Say(first, new SandboxReady(0));
        await RunAsync(pool, "1", Warmth.Cold, first);

        pool.Tell(Call("2", "a"));
        await RunAsync(pool, "2", Warmth.Warm, first);

        pool.Tell(Call("3", "b"));
        var second = await BornAsync(Runtime.Node);
        pool.Tell(new CancelRun("3"));
        Assert.Equal(Reason.Cancelled, (await ExpectMsgAsync<RunEnded>()).Outcome.Reason);
        Say(second, new SandboxReady(0));
        await StatusAsync(pool, status => status is { Spare: 1, Idle: 1 });

        pool.Tell(Call("4", "c"));
        await RunAsync(pool, "4", Warmth.Spare, second);
    }

    [Fact]
    public async Task A_full_pool_closes_the_sandbox_used_least_recently_and_starts_another_once_it_is_gone()
    {
        var pool = Start(size: 1);
        pool.Tell(Call("1", "a"));
        var first = await BornAsync(Runtime.Node);
        Say(first, new SandboxReady(0));
        await RunAsync(pool, "1", Warmth.Cold, first);

        pool.Tell(Call("2", "b", Language.Python));
        await StatusAsync(pool, status => status.Waiting == 1);
        Scheduler.Advance(Turns.Grace);
        await _sandboxes.ExpectMsgAsync<CloseSandbox>();
        await _sandboxes.ExpectNoMsgAsync(TimeSpan.FromMilliseconds(50));
        first.Tell(PoisonPill.Instance);

        var second = await BornAsync(Runtime.Python);
        Say(second, new SandboxReady(0));
        await RunAsync(pool, "2", Warmth.Cold, second);
    }

    [Fact]
    public async Task What_it_performs_and_holds_is_measured()
    {
        using var measured = new Measured();
        var pool = Start(size: 1, meters: new PoolMeters(measured));
        pool.Tell(Call("1", "a"));
        var first = await BornAsync(Runtime.Node);
        Say(first, new SandboxReady(7000));
        await RunAsync(pool, "1", Warmth.Cold, first);
        pool.Tell(Call("2", "a"));
        await RunAsync(pool, "2", Warmth.Warm, first);
        await StatusAsync(pool, status => status.Idle == 1);
        Sys.EventStream.Publish(new MothersHold(9000, 3));
        await StatusAsync(pool, status => status.HeldBytes == 16_000);

        measured.Collect();
        Assert.Equal(
            [1, 1, 1, 7000, 9000, 3, 0],
            new[]
            {
                "faas.pool.leases{faas.start=cold}", "faas.pool.leases{faas.start=warm}", "faas.pool.sandboxes{faas.state=idle}",
                "faas.pool.memory.usage{faas.holder=sandboxes}", "faas.pool.memory.usage{faas.holder=mothers}", "faas.pool.mothers",
                "faas.pool.evictions",
            }.Select(series => measured[series].Single()));

        pool.Tell(Call("3", "b"));
        await StatusAsync(pool, status => status.Waiting == 1);
        Scheduler.Advance(Turns.Grace);
        await _sandboxes.ExpectMsgAsync<CloseSandbox>();
        measured.Collect();
        Assert.Equal([0.0, 1.0], measured["faas.pool.evictions"]);
    }

    [Fact]
    public async Task An_idle_sandbox_is_closed_after_idle_ttl()
    {
        var pool = Start(size: 1);
        pool.Tell(Call("1", "a"));
        var first = await BornAsync(Runtime.Node);
        Say(first, new SandboxReady(0));
        await RunAsync(pool, "1", Warmth.Cold, first);
        await StatusAsync(pool, status => status.Idle == 1);

        Scheduler.Advance(TimeSpan.FromMinutes(5) - s_second);
        await StatusAsync(pool, status => status.Idle == 1);
        Scheduler.Advance(s_second);

        await _sandboxes.ExpectMsgAsync<CloseSandbox>();
    }

    [Fact]
    public async Task A_call_too_many_is_refused_with_the_time_to_try_again()
    {
        var pool = Start(size: 1, queue: 1);
        pool.Tell(Call("1", "a"));
        pool.Tell(Call("2", "a"));
        pool.Tell(Call("3", "a"));

        var refused = await ExpectMsgAsync<RunRefused>();

        Assert.Equal(("3", RefusalReason.QueueFull), (refused.RunId, refused.Why));
        Assert.True(refused.RetryAfter >= s_second);
    }

    [Fact]
    public async Task A_call_that_waits_too_long_is_refused()
    {
        var pool = Start(size: 1);
        pool.Tell(Call("1", "a"));
        await StatusAsync(pool, status => status.Waiting == 1);

        Scheduler.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal(RefusalReason.QueueTimeout, (await ExpectMsgAsync<RunRefused>()).Why);
    }

    [Fact]
    public async Task A_call_is_answered_once_though_its_sandbox_and_the_pool_both_would()
    {
        var pool = Start(size: 1);
        pool.Tell(Call("1", "a"));
        var sandbox = await BornAsync(Runtime.Node);
        Say(sandbox, new SandboxReady(0));
        var lease = await _sandboxes.ExpectMsgAsync<Lease>();
        lease.ReplyTo.Tell(new RunEnded("1", new Outcome(Reason.Oom)));
        sandbox.Tell(PoisonPill.Instance);

        Assert.Equal(Reason.Oom, (await ExpectMsgAsync<RunEnded>()).Outcome.Reason);
        await StatusAsync(pool, status => status.Busy == 0);
        lease.ReplyTo.Tell(new RunEnded("1", new Outcome(Reason.Ok)));
        await ExpectNoMsgAsync(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public async Task A_sandbox_whose_actor_crashes_is_replaced_not_restarted_and_its_call_answered()
    {
        var pool = Start(size: 1);
        pool.Tell(Call("1", "a"));
        var first = await BornAsync(Runtime.Node);
        Say(first, new SandboxReady(0));
        await _sandboxes.ExpectMsgAsync<Lease>();
        pool.Tell(Call("2", "a"));

        first.Tell(new ScriptedSandbox.Crash());

        var ended = await ExpectMsgAsync<RunEnded>();
        Assert.Equal(("1", Reason.Sandbox), (ended.RunId, ended.Outcome.Reason));
        var second = await BornAsync(Runtime.Node);
        Assert.NotEqual(first, second);
        Say(second, new SandboxReady(0));
        await RunAsync(pool, "2", Warmth.Cold, second);
    }

    [Fact]
    public async Task A_start_that_fails_breaks_its_call_and_shows_in_the_status_until_one_works()
    {
        var pool = Start(size: 1);
        pool.Tell(Call("1", "a"));
        FailStart(await BornAsync(Runtime.Node));

        Assert.Equal("no bwrap", (await ExpectMsgAsync<RunEnded>()).Outcome.Detail);
        await StatusAsync(pool, status => status is { LastStartError: "node: no bwrap", FailedStarts: 1 });

        pool.Tell(Call("2", "a"));
        var second = await BornAsync(Runtime.Node);
        Say(second, new SandboxReady(0));
        await RunAsync(pool, "2", Warmth.Cold, second);
        await StatusAsync(pool, status => status.LastStartError is null);
    }

    [Fact]
    public async Task A_spare_that_fails_to_start_is_tried_again_after_a_pause()
    {
        var pool = Start(size: 1, node: 1);
        FailStart(await BornAsync(Runtime.Node));
        await StatusAsync(pool, status => status is { Starting: 0, LastStartError: not null });
        await AwaitAssertAsync(() =>
        {
            // Until its actor is gone as well, the pause is not what is waited for.
            Scheduler.Advance(TimeSpan.FromMilliseconds(100));
            return _sandboxes.ExpectMsgAsync<ScriptedSandbox.Born>(TimeSpan.FromMilliseconds(100)).AsTask();
        });
    }

    [Fact]
    public async Task A_running_call_that_is_cancelled_is_stopped_in_its_sandbox()
    {
        var pool = Start(size: 1);
        pool.Tell(Call("1", "a"));
        var sandbox = await BornAsync(Runtime.Node);
        Say(sandbox, new SandboxReady(0));
        await _sandboxes.ExpectMsgAsync<Lease>();

        pool.Tell(new CancelRun("1"));

        Assert.Equal("1", (await _sandboxes.ExpectMsgAsync<StopRun>()).RunId);
        sandbox.Tell(PoisonPill.Instance);
        Assert.Equal(Reason.Cancelled, (await ExpectMsgAsync<RunEnded>()).Outcome.Reason);
    }

    [Fact]
    public async Task A_drained_pool_has_refused_stopped_and_closed_all_and_tells_everyone_who_asked()
    {
        var pool = Start(size: 2, node: 1);
        var first = await BornAsync(Runtime.Node);
        Say(first, new SandboxReady(0));
        await StatusAsync(pool, status => status.Spare == 1);
        pool.Tell(Call("1", "a"));
        await _sandboxes.ExpectMsgAsync<Lease>();
        await StatusAsync(pool, status => status.Busy == 1);
        Scheduler.Advance(HeadStart.Length);
        var spare = await BornAsync(Runtime.Node);

        var (one, another) = (CreateTestProbe(), CreateTestProbe());
        pool.Tell(new DrainPool(TimeSpan.FromSeconds(10)), one);
        pool.Tell(new DrainPool(TimeSpan.FromSeconds(20)), another);
        await _sandboxes.ExpectMsgAsync<CloseSandbox>();
        spare.Tell(PoisonPill.Instance);
        pool.Tell(Call("2", "a"));
        Assert.Equal(RefusalReason.Draining, (await ExpectMsgAsync<RunRefused>()).Why);

        Scheduler.Advance(TimeSpan.FromSeconds(10));
        await _sandboxes.ExpectMsgAsync<StopRun>();
        await one.ExpectNoMsgAsync(TimeSpan.FromMilliseconds(50));
        first.Tell(PoisonPill.Instance);

        await one.ExpectMsgAsync<PoolDrained>();
        await another.ExpectMsgAsync<PoolDrained>();
        await StatusAsync(pool, status => status is { Starting: 0, Spare: 0, Idle: 0, Busy: 0, Waiting: 0 });
    }

    [Fact]
    public async Task A_drain_that_is_ended_answers_those_who_asked_for_it_and_the_pool_serves_again()
    {
        var pool = Start(size: 1);
        pool.Tell(Call("1", "a"));
        Say(await BornAsync(Runtime.Node), new SandboxReady(0));
        await _sandboxes.ExpectMsgAsync<Lease>();
        var drainer = CreateTestProbe();
        pool.Tell(new DrainUntilResumed(TimeSpan.FromSeconds(10)), drainer);
        await StatusAsync(pool, status => status.IsDraining);

        pool.Tell(ResumePool.Instance);

        Assert.True((await ExpectMsgAsync<PoolResumed>()).IsAccepting);
        Assert.True((await drainer.ExpectMsgAsync<PoolResumed>()).IsAccepting);
        await StatusAsync(pool, status => status is { IsDraining: false, Busy: 1 });
        pool.Tell(new DrainPool(TimeSpan.FromSeconds(10)), drainer);
        pool.Tell(ResumePool.Instance);
        Assert.False((await ExpectMsgAsync<PoolResumed>()).IsAccepting);
    }

    [Fact]
    public async Task Other_settings_are_in_force_when_they_are_acknowledged()
    {
        var pool = Start(size: 1);
        pool.Tell(Call("1", "a"));
        Say(await BornAsync(Runtime.Node), new SandboxReady(0));
        await _sandboxes.ExpectMsgAsync<Lease>();
        pool.Tell(Call("2", "b"));
        await StatusAsync(pool, status => status.Waiting == 1);

        pool.Tell(new ChangePool(Options(size: 2)));

        await ExpectMsgAsync<PoolChanged>();
        Say(await BornAsync(Runtime.Node), new SandboxReady(0));
        Assert.Equal("2", (await _sandboxes.ExpectMsgAsync<Lease>()).Run.RunId);
    }

    [Fact]
    public async Task A_pool_that_stops_answers_those_it_leaves_behind()
    {
        var pool = Start(size: 1);
        pool.Tell(Call("1", "a"));
        await StatusAsync(pool, status => status.Waiting == 1);

        Sys.Stop(pool);

        Assert.Equal(Reason.Sandbox, (await ExpectMsgAsync<RunEnded>()).Outcome.Reason);
    }

    [Fact]
    public async Task Messages_of_strangers_change_nothing()
    {
        var pool = Start(size: 1);
        pool.Tell(Call("1", "a"));
        await BornAsync(Runtime.Node);

        pool.Tell(new SandboxReady(0));
        pool.Tell(new SandboxFree("1", s_second));
        pool.Tell(new SandboxStartFailed("not mine"));

        await StatusAsync(pool, status => status is { Starting: 1, Waiting: 1, LastStartError: null });
    }

    private static void Say(IActorRef sandbox, object message) => sandbox.Tell(new ScriptedSandbox.Say(message));

    private static void FailStart(IActorRef sandbox)
    {
        Say(sandbox, new SandboxStartFailed("no bwrap"));
        sandbox.Tell(PoisonPill.Instance);
    }

    private static SubmitRun Call(string id, string path, Language language = Language.JavaScript) =>
        new(new Run(id, path, ScriptCode.Of(language, path), RunMode.Execute, Isolation.Process, "{}"u8.ToArray(), false));

    private IActorRef Start(int size, int node = 0, int queue = 10, PoolMeters? meters = null)
    {
        SandboxFactory factory = image => Props.Create(() => new ScriptedSandbox(image.Runtime, _sandboxes.Ref));
        return Sys.ActorOf(SandboxPool.Props(Options(size, node, queue), factory, new SchedulerTime(Scheduler), meters), "pool");
    }

    private static PoolOptions Options(int size, int node = 0, int queue = 10) => new(
        size, size, long.MaxValue, node, 0, 0, 0, size, queue, TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(5));

    private async Task<IActorRef> BornAsync(Runtime runtime)
    {
        var born = await _sandboxes.ExpectMsgAsync<ScriptedSandbox.Born>();
        Assert.Equal(runtime, born.Runtime);
        return born.Sandbox;
    }

    /// <summary>The sandbox gets the call, answers it, and is free again.</summary>
    private async Task RunAsync(IActorRef pool, string id, Warmth warmth, IActorRef sandbox)
    {
        var lease = await _sandboxes.ExpectMsgAsync<Lease>();
        Assert.Equal((id, warmth, sandbox), (lease.Run.RunId, lease.Warmth, _sandboxes.LastSender));
        lease.ReplyTo.Tell(new RunEnded(id, new Outcome(Reason.Ok)));
        Assert.Equal(id, (await ExpectMsgAsync<RunEnded>()).RunId);
        Say(sandbox, new SandboxFree(id, s_second));
        await StatusAsync(pool, status => status.Busy == 0);
    }

    private async Task StatusAsync(IActorRef pool, Predicate<PoolStatus> expected) => await AwaitAssertAsync(async () =>
    {
        var asker = CreateTestProbe();
        pool.Tell(GetPoolStatus.Instance, asker);
        var status = await asker.ExpectMsgAsync<PoolStatus>();
        Assert.True(expected(status), $"{status}");
    });

    /// <summary>The virtual time of the scheduler.</summary>
    private sealed class SchedulerTime(TestScheduler scheduler) : TimeProvider
    {
        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => scheduler.Now.UtcTicks;
    }
}
