using Faas.Actors.Pool.Scheduler;
using Faas.Actors.Runs;
using Xunit;

namespace Faas.Actors.Tests.Pool.Scheduler;

/// <summary>What an operator sees of the pool.</summary>
public class PoolViewTests
{
    [Fact]
    public void A_run_waits_then_runs_in_a_sandbox_which_is_then_idle_and_remembers_whose_it_was()
    {
        var pool = new PoolOnPaper(size: 1);
        var first = pool.Invoke("one");
        var second = pool.Invoke("two");

        var (starting, waiting) = (Assert.Single(pool.View.Sandboxes), pool.View.Runs);
        Assert.Equal((FleetStage.Starting, 0L, null), (starting.Stage, starting.Uses, starting.Queue));
        Assert.All(waiting, run => Assert.Null(run.Sandbox));
        Assert.Equal(2, waiting.Count);

        pool.AllReady();
        pool.Pass(TimeSpan.FromSeconds(3));
        var busy = Assert.Single(pool.View.Sandboxes);
        Assert.Equal((FleetStage.Busy, 1, TimeSpan.FromSeconds(3)), (busy.Stage, busy.Runs, pool.Now - busy.Since));
        var running = pool.View.Runs.Single(run => run.Sandbox is not null);
        Assert.Equal((first.Run.RunId, busy.Name, RunMode.Execute), (running.RunId, running.Sandbox, running.Mode));
        Assert.Equal(second.Run.RunId, pool.View.Runs.Single(run => run.Sandbox is null).RunId);

        pool.Finish(first);
        Assert.DoesNotContain(pool.View.Runs, run => run.RunId == first.Run.RunId);
    }

    [Fact]
    public void The_oldest_comes_first()
    {
        var pool = new PoolOnPaper(size: 3, node: 3);
        pool.AllReady();
        var calls = Enumerable.Range(0, 3).Select(_ => pool.Invoke()).ToList();
        Assert.Equal(calls.Select(call => call.Run.RunId), pool.View.Runs.Select(run => run.RunId));
        Assert.Equal(["node-0", "node-1", "node-2"], pool.View.Sandboxes.Select(sandbox => sandbox.Name));
    }
}
