using Faas.Actors.Pool.Scheduler;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Reply;
using Faas.Actors.Scripts;
using Xunit;

namespace Faas.Actors.Tests.Pool.Scheduler;

/// <summary>Who waits, how long, and whose turn it is.</summary>
public class PoolStateQueueTests
{
    private static readonly TimeSpan s_ms = TimeSpan.FromMilliseconds(1);

    [Theory]
    [InlineData("starting", Isolation.Process)]
    [InlineData("starting", Isolation.Sandbox)]
    [InlineData("spare", Isolation.Process)]
    [InlineData("spare", Isolation.Sandbox)]
    [InlineData("absent", Isolation.Process)]
    [InlineData("of another runtime", Isolation.Process)]
    [InlineData("of another runtime", Isolation.Sandbox)]
    [InlineData("of another runtime, starting", Isolation.Process)]
    [InlineData("bound to other code", Isolation.Process)]
    public void A_pool_of_1_and_a_queue_of_4_serve_5_of_20_calls_when_the_sandbox_is(string sandbox, Isolation isolation)
    {
        var pool = new PoolOnPaper(
            size: 1,
            node: sandbox is "starting" or "spare" ? 1 : 0,
            python: sandbox.StartsWith("of another", StringComparison.Ordinal) ? 1 : 0,
            queue: 4);
        if (sandbox is "spare" or "of another runtime")
        {
            pool.AllReady();
        }

        if (sandbox == "bound to other code")
        {
            var other = pool.Invoke("other");
            pool.AllReady();
            pool.Finish(other);
        }

        var calls = Enumerable.Range(0, 20).Select(_ => pool.Invoke("sleeper", isolation: isolation)).ToList();

        Assert.All(calls[5..], call => Assert.Equal(RefusalReason.QueueFull, call.Refused));
        foreach (var call in calls[..5])
        {
            pool.Pass(Turns.Grace);
            pool.AllClosed();
            pool.AllReady();
            pool.Finish(call, TimeSpan.FromSeconds(1));
            Assert.Equal(Reason.Ok, call.Outcome!.Reason);
        }
    }

    [Fact]
    public void With_a_queue_of_0_a_call_is_refused_only_when_all_are_busy()
    {
        var pool = new PoolOnPaper(size: 1, queue: 0);
        var first = pool.Invoke();
        Assert.Null(first.Refused);

        Assert.Equal(RefusalReason.QueueFull, pool.Invoke().Refused);
    }

    [Fact]
    public void Retry_after_is_the_measured_service_time_of_those_ahead_and_of_the_call_itself_in_whole_seconds()
    {
        var pool = new PoolOnPaper(size: 2, queue: 4);
        Fill();
        Assert.Equal(TimeSpan.FromSeconds(3), Assert.IsType<RunRefused>(pool.Invoke().Answer).RetryAfter);

        // All six take 3.2 s: four waiting calls on two sandboxes are 6.4 s of work, and the refused one, 2 s after them, is told up to
        // half as much again.
        while (pool.Calls.Where(call => call.Running).ToList() is { Count: > 0 } running)
        {
            running.ForEach(call => pool.Finish(call, TimeSpan.FromSeconds(1.6)));
        }

        Fill();
        var refused = Assert.IsType<RunRefused>(pool.Invoke().Answer);
        Assert.Equal(TimeSpan.FromSeconds(Math.Ceiling(refused.RetryAfter.TotalSeconds)), refused.RetryAfter);
        Assert.InRange(refused.RetryAfter, TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(12));

        void Fill()
        {
            for (var i = 0; i < 6; i++)
            {
                pool.Invoke();
            }

            pool.AllReady();
        }
    }

    [Fact]
    public void Retry_after_is_never_less_than_a_second()
    {
        var pool = new PoolOnPaper(size: 1, queue: 1);
        var first = pool.Invoke();
        pool.AllReady();
        pool.Finish(first, s_ms);
        pool.Invoke();
        pool.Invoke();

        Assert.Equal(TimeSpan.FromSeconds(1), Assert.IsType<RunRefused>(pool.Invoke().Answer).RetryAfter);
    }

    [Fact]
    public void A_call_that_waited_for_queue_timeout_is_refused_and_not_earlier()
    {
        var pool = new PoolOnPaper(size: 1, queueTimeout: TimeSpan.FromSeconds(30));
        pool.Invoke();
        pool.AllReady();
        var early = pool.Invoke();
        pool.Pass(TimeSpan.FromSeconds(10));
        var late = pool.Invoke();

        pool.Pass(TimeSpan.FromSeconds(20) - s_ms);
        Assert.Null(early.Answer);
        pool.Pass(s_ms);

        Assert.Equal(RefusalReason.QueueTimeout, early.Refused);
        Assert.Null(late.Answer);
    }

    [Fact]
    public void A_sandbox_that_takes_too_long_to_start_does_not_hold_its_call_beyond_queue_timeout()
    {
        var pool = new PoolOnPaper(queueTimeout: TimeSpan.FromSeconds(1));
        var call = pool.Invoke();

        pool.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(RefusalReason.QueueTimeout, call.Refused);
        pool.AllReady();

        Assert.Equal(1, pool.Status.Spare);
    }

    [Fact]
    public void Paths_take_turns_for_the_slots_that_come_free_and_calls_of_a_path_keep_their_order()
    {
        var pool = new PoolOnPaper(size: 1, queue: 100);
        var first = pool.Invoke("first", isolation: Isolation.Sandbox);
        pool.AllReady();
        var calls = Enumerable.Range(0, 9)
            .Select(i => pool.Invoke(i < 5 ? "busy" : i < 7 ? "b" : "c", isolation: Isolation.Sandbox))
            .ToList();

        var served = new List<PaperCall>();
        for (var running = first; running is not null; running = pool.Calls.SingleOrDefault(call => call.Running))
        {
            pool.Finish(running);
            pool.AllReady();
            served.Add(running);
        }

        Assert.Equal(["first", "busy", "b", "c", "busy", "b", "c", "busy", "busy", "busy"], served.Select(call => call.Run.Queue));
        Assert.All(served.GroupBy(call => call.Run.Queue), path => Assert.Equal(path.OrderBy(call => calls.IndexOf(call)), path));
    }

    [Fact]
    public void A_promise_that_its_call_leaves_behind_goes_to_the_lane_whose_turn_it_is()
    {
        var pool = new PoolOnPaper(size: 1);
        var promised = pool.Invoke("a", isolation: Isolation.Sandbox);
        var second = pool.Invoke("b", isolation: Isolation.Sandbox);
        pool.Invoke("b", isolation: Isolation.Sandbox);
        var other = pool.Invoke("c", isolation: Isolation.Sandbox);

        pool.Cancel(promised);
        pool.Cancel(second);
        pool.AllReady();

        Assert.True(other.Running);
    }

    [Fact]
    public void A_lane_that_was_served_warm_out_of_turn_goes_to_the_back_of_the_round()
    {
        var pool = new PoolOnPaper(size: 2);
        var (warm, isolated) = (pool.Invoke("a"), pool.Invoke("z", isolation: Isolation.Sandbox));
        pool.AllReady();
        var first = pool.Invoke("c", isolation: Isolation.Sandbox);
        pool.Invoke("a");
        pool.Invoke("a");
        var second = pool.Invoke("b", isolation: Isolation.Sandbox);

        pool.Finish(warm, s_ms);
        pool.Finish(isolated);
        pool.AllReady();
        Assert.True(first.Running);
        pool.Finish(first);
        pool.AllReady();

        Assert.True(second.Running);
    }

    [Fact]
    public void A_lane_whose_code_another_path_uses_up_does_not_hold_up_those_behind_it()
    {
        var pool = new PoolOnPaper(size: 1, queue: 100);
        for (var i = 0; i < 30; i++)
        {
            pool.Invoke("one", code: "same");
        }

        pool.Invoke("two", code: "same");
        pool.Invoke("three");
        pool.AllReady();
        var sandbox = pool.Alive.Single();
        for (var i = 0; i < 9 && sandbox.Call is { } call; i++)
        {
            pool.Finish(call, 20 * s_ms);
        }

        Assert.Equal(PaperStage.Closing, sandbox.Stage);
    }

    [Fact]
    public void A_call_that_finds_its_sandbox_about_to_be_free_closes_no_other()
    {
        var pool = new PoolOnPaper(size: 2);
        var (mine, old) = (pool.Invoke("mine"), pool.Invoke("old"));
        pool.AllReady();
        pool.Finish(old);
        pool.Pass(TimeSpan.FromSeconds(1));

        var again = pool.Invoke("mine");
        pool.Finish(mine, s_ms);

        Assert.Equal(Warmth.Warm, again.Warmth);
        Assert.Equal(PaperStage.Idle, old.Sandbox!.Stage);
    }

    [Fact]
    public void A_bound_sandbox_goes_on_with_its_own_code_until_its_turn_is_over_and_then_gives_way()
    {
        var pool = new PoolOnPaper(size: 1, queue: 100);
        var mine = Enumerable.Range(0, 50).Select(_ => pool.Invoke("mine")).ToList();
        pool.AllReady();
        pool.Finish(mine[0], 10 * s_ms);
        var other = pool.Invoke("other");

        var warm = 0;
        while (pool.Alive.Single() is { Call: { } call })
        {
            pool.Finish(call, 10 * s_ms);
            warm++;
        }

        // The other waits for the call that runs and a turn of 100 ms, and no longer.
        Assert.Equal(11, warm);
        pool.AllClosed();
        pool.AllReady();
        Assert.Equal(Warmth.Cold, other.Warmth);
        pool.Finish(other);
        pool.Pass(Turns.Grace);
        pool.AllClosed();
        pool.AllReady();
        Assert.Same(mine[12], pool.Alive.Single().Call);
    }

    [Fact]
    public void Two_busy_scripts_with_a_sandbox_each_do_not_take_them_from_each_other()
    {
        var pool = new PoolOnPaper(size: 2, queue: 1000);
        for (var i = 0; i < 200; i++)
        {
            pool.Invoke(i % 2 == 0 ? "a" : "b");
        }

        pool.AllReady();
        while (pool.Calls.Where(call => call.Running).ToList() is { Count: > 0 } running)
        {
            running.ForEach(call => pool.Finish(call, 10 * s_ms));
        }

        Assert.All(pool.Calls, call => Assert.Equal(Reason.Ok, call.Outcome?.Reason));
        Assert.Equal(2, pool.Started);
    }

    [Fact]
    public void Callers_in_a_closed_loop_do_not_take_each_others_sandboxes_though_an_answer_precedes_the_free_sandbox()
    {
        var pool = new PoolOnPaper(size: 4, queue: 4);
        var calls = Enumerable.Range(0, 4).Select(script => pool.Invoke($"{script}")).ToList();
        pool.AllReady();
        for (var round = 0; round < 50; round++)
        {
            // Each caller calls again before its sandbox is free, and while another's is idle.
            for (var script = 0; script < 4; script++)
            {
                var again = pool.Invoke($"{script}");
                pool.Finish(calls[script], s_ms);
                calls[script] = again;
                var idle = (script + 1) % 4;
                pool.Finish(calls[idle]);
                calls[idle] = pool.Invoke($"{idle}");
            }
        }

        Assert.Equal(4, pool.Started);
        Assert.All(pool.Calls.Skip(4), call => Assert.Equal(Warmth.Warm, call.Warmth));
    }

    [Fact]
    public void A_script_that_no_sandbox_is_bound_to_waits_no_longer_than_a_turn_for_one_that_is_in_steady_use()
    {
        var pool = new PoolOnPaper(size: 1, queue: 4);
        var steady = pool.Invoke("steady");
        pool.AllReady();
        var other = pool.Invoke("other");
        var waited = 0;
        for (; steady.Running; waited++)
        {
            pool.Finish(steady, s_ms);
            pool.Pass(s_ms);
            steady = pool.Invoke("steady");
        }

        pool.AllClosed();
        pool.AllReady();
        Assert.True(other.Running);
        Assert.InRange(other.Waited, Turns.Length, Turns.Length + (2 * s_ms));
    }

    [Fact]
    public void A_busy_script_spreads_over_sandboxes_that_others_no_longer_use()
    {
        var pool = new PoolOnPaper(size: 2, queue: 100);
        var old = pool.Invoke("old");
        pool.AllReady();
        pool.Finish(old);
        pool.Pass(TimeSpan.FromSeconds(1));

        for (var i = 0; i < 20; i++)
        {
            pool.Invoke("busy");
        }

        pool.AllReady();
        pool.Finish(pool.Calls.First(call => call.Running), 10 * s_ms);
        Assert.Equal(PaperStage.Closing, old.Sandbox!.Stage);
    }

    [Fact]
    public void One_busy_script_cannot_fill_the_queue_for_all()
    {
        var pool = new PoolOnPaper(size: 1, queue: 4);
        var busy = Enumerable.Range(0, 6).Select(_ => pool.Invoke("busy")).ToList();
        pool.AllReady();
        Assert.Equal(RefusalReason.QueueFull, busy[5].Refused);

        var other = pool.Invoke("other");
        Assert.Null(other.Answer);
        Assert.Equal(RefusalReason.QueueFull, busy[4].Refused);

        // Now 3 and 1, then 2 and 2: nobody has a longer queue than the next caller would.
        pool.Invoke("other");
        Assert.Equal(RefusalReason.QueueFull, busy[3].Refused);
        Assert.Equal(RefusalReason.QueueFull, pool.Invoke("other").Refused);
        Assert.Null(busy[2].Answer);
    }

    [Fact]
    public void A_waiting_call_that_is_cancelled_leaves_its_place_to_the_next()
    {
        var pool = new PoolOnPaper(size: 1, queue: 1);
        var first = pool.Invoke();
        var second = pool.Invoke();

        pool.Cancel(first);
        pool.AllReady();

        Assert.Equal(Reason.Cancelled, first.Outcome!.Reason);
        Assert.True(second.Running);
    }

    [Fact]
    public void A_running_call_that_is_cancelled_is_stopped_once_and_its_sandbox_goes_on_if_it_had_ended_just_before()
    {
        var pool = new PoolOnPaper(size: 1);
        var call = pool.Invoke();
        pool.AllReady();

        pool.Cancel(call);
        pool.Cancel(call);
        Assert.True(call.StopAsked);
        Assert.Null(call.Answer);
        pool.Finish(call);

        Assert.Equal(Reason.Ok, call.Outcome!.Reason);
        Assert.Equal(Warmth.Warm, pool.Invoke().Warmth);
    }

    [Fact]
    public void To_cancel_a_call_that_is_over_does_nothing()
    {
        var pool = new PoolOnPaper();
        var call = pool.Invoke();
        pool.AllReady();
        pool.Finish(call);

        pool.Cancel(call);

        Assert.False(call.StopAsked);
        Assert.Equal(PaperStage.Idle, call.Sandbox!.Stage);
    }

    [Fact]
    public void A_second_call_of_an_id_still_in_use_is_refused_and_the_first_runs_on()
    {
        var pool = new PoolOnPaper();
        var first = pool.Invoke(id: "same");
        var second = pool.Invoke(id: "same");
        pool.AllReady();

        Assert.Equal(Reason.Sandbox, second.Outcome!.Reason);
        Assert.Null(first.Answer);
        pool.Finish(first);
        Assert.Null(pool.Invoke(id: "same").Answer);
    }
}
