using Faas.Actors.Runs;
using Faas.Actors.Runs.Reply;
using Xunit;

namespace Faas.Actors.Tests.Pool.Scheduler;

/// <summary>More sandboxes are alive than may run at once.</summary>
public sealed class PoolStateRunningTests
{
    [Fact]
    public void Scripts_that_are_called_in_turn_all_stay_warm_though_one_runs_at_a_time()
    {
        var pool = PoolThatServed(scripts: 20, running: 1);

        for (var script = 0; script < 20; script++)
        {
            var call = pool.Invoke($"script-{script}");
            Assert.Equal(Warmth.Warm, call.Warmth);
            pool.Finish(call);
        }

        Assert.Equal((20, 20), (pool.Started, pool.Status.Idle));
    }

    [Fact]
    public void No_more_run_at_once_than_may_even_if_their_sandboxes_are_idle()
    {
        var pool = PoolThatServed(scripts: 4, running: 2);
        var calls = Enumerable.Range(0, 4).Select(script => pool.Invoke($"script-{script}")).ToList();
        Assert.Equal((2, 2), (pool.Status.Busy, pool.Status.Waiting));

        pool.Finish(calls[0]);

        Assert.True(calls[2].Running);
        Assert.Equal((2, 1), (pool.Status.Busy, pool.Status.Waiting));
    }

    [Fact]
    public void No_sandbox_is_started_for_a_run_that_may_not_run_yet()
    {
        var pool = PoolThatServed(scripts: 1, running: 1);
        var running = pool.Invoke("script-0");
        var other = pool.Invoke("other");
        Assert.Equal(1, pool.Started);

        pool.Finish(running);
        pool.AllReady();

        Assert.Equal((2, Warmth.Cold), (pool.Started, other.Warmth));
    }

    [Fact]
    public void A_sandbox_that_is_kept_for_its_script_lets_another_script_run_and_stays()
    {
        var pool = PoolThatServed(scripts: 2, running: 1);
        var first = pool.Invoke("script-0");
        var again = pool.Invoke("script-0");
        var other = pool.Invoke("script-1");

        pool.Finish(first);
        Assert.True(other.Running);
        pool.Finish(other);

        Assert.True(again.Running);
        Assert.Equal(2, pool.Started);
    }

    [Fact]
    public void The_queue_is_no_longer_for_the_sandboxes_that_are_idle()
    {
        var pool = PoolThatServed(scripts: 20, running: 1, queue: 3);
        pool.Invoke("script-0");

        var waiting = Enumerable.Range(1, 5).Select(script => pool.Invoke($"script-{script}")).ToList();

        Assert.Equal(2, waiting.Count(call => call.Refused == RefusalReason.QueueFull));
    }

    [Fact]
    public void A_draining_pool_keeps_the_idle_sandbox_that_a_waiting_run_will_use()
    {
        var pool = PoolThatServed(scripts: 3, running: 1);
        var running = pool.Invoke("script-0");
        var waiting = pool.Invoke("script-1");

        pool.Drain(TimeSpan.FromSeconds(10));
        pool.AllClosed();
        pool.Finish(running);

        Assert.Equal(Warmth.Warm, waiting.Warmth);
        Assert.Equal(3, pool.Started);
    }

    private static PoolOnPaper PoolThatServed(int scripts, int running, int queue = 100)
    {
        var pool = new PoolOnPaper(size: 20, running: running, queue: queue);
        for (var script = 0; script < scripts; script++)
        {
            var call = pool.Invoke($"script-{script}");
            pool.Skip(TimeSpan.FromMilliseconds(100));
            pool.AllReady();
            pool.Finish(call);
        }

        return pool;
    }
}
