using Faas.Actors.Pool.Scheduler;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Reply;
using Faas.Actors.Scripts;
using Xunit;

namespace Faas.Actors.Tests.Pool.Scheduler;

/// <summary>The end of a pool.</summary>
public class PoolStateDrainTests
{
    [Fact]
    public void Draining_refuses_those_who_come_closes_the_unused_and_serves_those_who_run_and_who_wait()
    {
        var pool = new PoolOnPaper(size: 3, node: 1);
        pool.AllReady();
        var running = pool.Invoke("a");
        pool.Pass(HeadStart.Length);
        pool.AllReady();
        var idle = pool.Invoke("b");
        pool.Finish(idle);
        pool.Invoke("c", isolation: Isolation.Sandbox);
        var waiting = pool.Invoke("d", isolation: Isolation.Sandbox);

        pool.Drain(TimeSpan.FromSeconds(10));

        Assert.Equal(RefusalReason.Draining, pool.Invoke("e").Refused);
        Assert.DoesNotContain(pool.Alive, sandbox => sandbox.Stage is PaperStage.Spare or PaperStage.Idle);
        pool.Finish(running);
        Assert.Equal(Reason.Ok, running.Outcome!.Reason);
        Assert.Equal(PaperStage.Closing, running.Sandbox!.Stage);
        while (pool.Alive.Count > 0)
        {
            pool.AllClosed();
            pool.AllReady();
            pool.Calls.Where(call => call.Running).ToList().ForEach(call => pool.Finish(call));
        }

        Assert.Equal(Reason.Ok, waiting.Outcome!.Reason);
        Assert.Equal(1, pool.TimesGone);
    }

    [Fact]
    public void A_call_that_still_waits_when_the_time_is_up_is_refused()
    {
        var pool = new PoolOnPaper(size: 1);
        var running = pool.Invoke("a");
        pool.AllReady();
        var waiting = pool.Invoke("b");
        pool.Drain(TimeSpan.FromSeconds(10));
        Assert.Null(waiting.Refused);

        pool.Pass(TimeSpan.FromSeconds(10));

        Assert.Equal(RefusalReason.Draining, waiting.Refused);
        Assert.True(running.StopAsked);
        pool.Die(running.Sandbox!);
        Assert.Equal(1, pool.TimesGone);
    }

    [Fact]
    public void A_call_that_leaves_a_draining_pool_does_not_keep_it()
    {
        var pool = new PoolOnPaper(size: 1);
        var waiting = pool.Invoke("a");
        pool.Drain(TimeSpan.FromSeconds(10));

        pool.Cancel(waiting);
        pool.AllClosed();

        Assert.Equal(1, pool.TimesGone);
    }

    [Fact]
    public void A_call_that_still_runs_when_the_time_is_up_is_stopped()
    {
        var pool = new PoolOnPaper(size: 1);
        var call = pool.Invoke();
        pool.AllReady();
        pool.Drain(TimeSpan.FromSeconds(10));

        pool.Pass(TimeSpan.FromSeconds(10) - TimeSpan.FromMilliseconds(1));
        Assert.False(call.StopAsked);
        pool.Pass(TimeSpan.FromMilliseconds(1));
        Assert.True(call.StopAsked);
        Assert.Equal(0, pool.TimesGone);

        pool.Die(call.Sandbox!);
        Assert.Equal((Reason.Cancelled, 1), (call.Outcome!.Reason, pool.TimesGone));
    }

    [Fact]
    public void Draining_for_no_time_stops_all_at_once()
    {
        var pool = new PoolOnPaper(size: 1);
        var call = pool.Invoke();
        pool.AllReady();

        pool.Drain(TimeSpan.Zero);

        Assert.True(call.StopAsked);
    }

    [Fact]
    public void Of_two_drains_the_shorter_counts()
    {
        var pool = new PoolOnPaper(size: 1);
        var call = pool.Invoke();
        pool.AllReady();

        pool.Drain(TimeSpan.FromHours(1));
        pool.Drain(TimeSpan.FromSeconds(1));
        pool.Drain(TimeSpan.FromHours(1));
        pool.Pass(TimeSpan.FromSeconds(1));

        Assert.True(call.StopAsked);
    }

    [Fact]
    public void A_starting_sandbox_is_closed_and_one_that_fails_meanwhile_is_no_obstacle()
    {
        var pool = new PoolOnPaper(size: 2, node: 2);
        pool.FailStart(pool.Alive[0]);

        pool.Drain(TimeSpan.FromSeconds(10));
        pool.AllClosed();

        Assert.Equal(1, pool.TimesGone);
        Assert.Equal(2, pool.Started);
    }

    [Fact]
    public void An_empty_pool_is_drained_at_once_and_says_so_to_whoever_asks_again()
    {
        var pool = new PoolOnPaper();

        pool.Drain(TimeSpan.FromSeconds(10));
        pool.Drain(TimeSpan.FromSeconds(10));

        Assert.Equal(2, pool.TimesGone);
    }
}
