using Faas.Actors.Pool.Scheduler;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Reply;
using Faas.Actors.Scripts;
using Xunit;

namespace Faas.Actors.Tests.Pool.Scheduler;

/// <summary>Other settings while the pool works, and a drain that ends.</summary>
public class PoolStateChangeTests
{
    [Fact]
    public void A_larger_pool_starts_a_sandbox_for_each_call_that_waited_for_a_place()
    {
        var pool = new PoolOnPaper(size: 1);
        pool.Invoke("a");
        pool.AllReady();
        var waiting = pool.Invoke("b", isolation: Isolation.Sandbox);
        Assert.Single(pool.Alive);

        pool.Change(options => options with { Sandboxes = 2, Running = 2 });
        pool.AllReady();

        Assert.True(waiting.Running);
    }

    [Fact]
    public void A_smaller_pool_closes_idle_sandboxes_and_spares_at_once_and_busy_ones_after_their_calls()
    {
        var pool = new PoolOnPaper(size: 4, node: 1);
        var (first, second) = (pool.Invoke("a"), pool.Invoke("b"));
        pool.AllReady();
        pool.Pass(HeadStart.Length);
        pool.AllReady();
        pool.Finish(pool.Invoke("c"));
        pool.AllReady();
        pool.Pass(HeadStart.Length);
        pool.AllReady();
        Assert.Equal(4, pool.Alive.Count);

        pool.Change(options => options with { Sandboxes = 1, Running = 1 });

        Assert.Equal(2, pool.Alive.Count(sandbox => sandbox.Stage == PaperStage.Closing));
        pool.AllClosed();
        pool.Finish(first);
        pool.AllClosed();
        Assert.Same(second.Sandbox, Assert.Single(pool.Alive));
        pool.Finish(second);
        Assert.Equal((Reason.Ok, Reason.Ok), (first.Outcome!.Reason, second.Outcome!.Reason));
        Assert.Single(pool.Alive);
    }

    [Fact]
    public void A_call_that_was_promised_a_sandbox_gets_one_though_the_pool_has_no_more_room_for_it()
    {
        var pool = new PoolOnPaper(size: 3, starts: 1);
        var first = pool.Invoke("a");
        pool.AllReady();
        pool.Finish(first);
        var (starting, promised) = (pool.Invoke("b", isolation: Isolation.Sandbox), pool.Invoke("c", isolation: Isolation.Sandbox));

        pool.Change(options => options with { Sandboxes = 1 });

        for (var round = 0; round < 5 && promised.Answers.Count == 0; round++)
        {
            pool.AllClosed();
            pool.AllReady();
            pool.Calls.Where(call => call.Running).ToList().ForEach(call => pool.Finish(call));
        }

        Assert.Equal((Reason.Ok, Reason.Ok), (starting.Outcome!.Reason, promised.Outcome!.Reason));
    }

    [Fact]
    public void A_shorter_queue_keeps_the_calls_that_wait_and_refuses_the_next_one()
    {
        var pool = new PoolOnPaper(size: 1, queue: 3);
        pool.Invoke("a");
        pool.AllReady();
        var (second, third) = (pool.Invoke("b"), pool.Invoke("b"));

        pool.Change(options => options with { Queue = 1 });

        Assert.Equal([null, null], [second.Answer, third.Answer]);
        var next = pool.Invoke("b");
        Assert.Equal(1, pool.Calls.Count(call => call.Refused == RefusalReason.QueueFull));
        Assert.Equal(RefusalReason.QueueFull, next.Refused);
    }

    [Fact]
    public void More_spares_are_started_and_fewer_are_not_closed_before_they_are_old()
    {
        var pool = new PoolOnPaper(size: 5, node: 1, idleTtl: TimeSpan.FromMinutes(1));
        pool.AllReady();

        pool.Change(options => options with { SpareNode = 3 });
        pool.AllReady();
        Assert.Equal(3, pool.Status.Spare);

        pool.Change(options => options with { SpareNode = 0 });
        pool.Pass(TimeSpan.FromMinutes(10));
        pool.AllClosed();
        Assert.Equal(0, pool.Status.Spare);
    }

    [Fact]
    public void A_shorter_wait_ends_the_wait_of_a_call_that_waits_already()
    {
        var pool = new PoolOnPaper(size: 1, queueTimeout: TimeSpan.FromSeconds(30));
        pool.Invoke("a");
        pool.AllReady();
        var waiting = pool.Invoke("b");

        pool.Change(options => options with { QueueTimeout = TimeSpan.FromSeconds(1) });
        pool.Pass(TimeSpan.FromSeconds(1));

        Assert.Equal(RefusalReason.QueueTimeout, waiting.Refused);
    }

    [Fact]
    public void A_smaller_pool_keeps_fewer_of_the_sandboxes_that_versions_wish_to_have()
    {
        var pool = new PoolOnPaper(size: 8, node: 2);
        pool.KeepWarm(4);
        for (var round = 0; round < 5; round++)
        {
            pool.AllReady();
        }

        Assert.Equal((4, 4), Assert.Single(pool.Wishes));
        pool.Change(options => options with { Sandboxes = 2, SpareNode = 0 });
        pool.AllClosed();
        Assert.InRange(pool.Alive.Count, 1, 2);
    }

    [Fact]
    public void After_a_drain_that_ends_calls_are_served_again()
    {
        var pool = new PoolOnPaper(size: 2, node: 1);
        pool.AllReady();
        pool.DrainUntilResumed(TimeSpan.FromSeconds(10));
        Assert.Equal(RefusalReason.Draining, pool.Invoke("a").Refused);
        pool.AllClosed();
        Assert.Equal((1, true), (pool.TimesGone, pool.Status.IsDraining));

        pool.Resume();

        Assert.False(pool.Status.IsDraining);
        pool.AllReady();
        Assert.True(pool.Invoke("a").Running);
    }

    [Fact]
    public void A_drain_that_ends_in_its_middle_leaves_the_calls_that_run_alone()
    {
        var pool = new PoolOnPaper(size: 2);
        var call = pool.Invoke("a");
        pool.AllReady();
        pool.DrainUntilResumed(TimeSpan.FromSeconds(10));

        pool.Resume();
        pool.Pass(TimeSpan.FromSeconds(20));

        Assert.False(call.StopAsked);
        Assert.Equal(0, pool.TimesGone);
    }

    [Fact]
    public void The_drain_of_a_server_that_stops_cannot_be_ended()
    {
        var state = new PoolState(new PoolOptions(
            1, 1, long.MaxValue, 0, 0, 0, 0, 1, 1, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)));
        state.Drain(TimeSpan.FromSeconds(1), TimeSpan.Zero);
        state.Drain(TimeSpan.FromSeconds(1), TimeSpan.Zero, isFinal: false);
        Assert.Null(state.TryEndDrain(TimeSpan.Zero));
    }
}
