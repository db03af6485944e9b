using Faas.Actors.Pool.Scheduler;
using Faas.Actors.Scripts;
using Xunit;

namespace Faas.Actors.Tests.Pool.Scheduler;

public sealed class PoolStateSpareTests
{
    [Fact]
    public void Spares_follow_the_demand_and_go_when_it_is_over()
    {
        var pool = new PoolOnPaper(size: 8, node: 1, idleTtl: TimeSpan.FromSeconds(10), maxSpares: 4);
        pool.AllReady();
        Assert.Single(pool.Alive);

        Busy(pool, rounds: 20);
        Assert.InRange(pool.Status.Spare, 3, 4);

        pool.Pass(TimeSpan.FromMinutes(3));
        pool.AllClosed();
        Assert.Equal(1, pool.Status.Spare);
        Assert.Single(pool.Alive);
    }

    [Fact]
    public void Spares_hold_no_more_memory_than_they_may()
    {
        var pool = new PoolOnPaper(size: 8, node: 1, maxSpares: 4, spareMemory: 100);
        Busy(pool, rounds: 20, bytes: 45);

        Assert.Equal(2, pool.Status.Spare);
    }

    [Fact]
    public void The_least_are_kept_whatever_they_hold()
    {
        var pool = new PoolOnPaper(size: 8, node: 2, maxSpares: 4, spareMemory: 100);
        Busy(pool, rounds: 20, bytes: 1000);

        Assert.Equal(2, pool.Status.Spare);
    }

    [Fact]
    public void Demand_for_one_runtime_makes_no_spares_of_another()
    {
        var pool = new PoolOnPaper(size: 8, maxSpares: 4);
        Busy(pool, rounds: 20);

        Assert.All(pool.Alive, sandbox => Assert.Equal(Runtime.Node, sandbox.Runtime));
    }

    [Fact]
    public void A_call_that_takes_a_spare_has_a_head_start_before_another_is_started()
    {
        var pool = new PoolOnPaper(size: 4, node: 1);
        pool.AllReady();

        pool.Invoke();
        pool.Pass(HeadStart.Length - TimeSpan.FromMilliseconds(1));
        Assert.Equal((1, 0), (pool.Status.Busy, pool.Status.Starting));

        pool.Pass(TimeSpan.FromMilliseconds(1));
        Assert.Equal((1, 1), (pool.Status.Busy, pool.Status.Starting));
    }

    [Theory]
    [InlineData(Isolation.Process)]
    [InlineData(Isolation.Sandbox)]
    public void A_spare_is_replaced_as_soon_as_the_call_that_took_it_is_over(Isolation isolation)
    {
        var pool = new PoolOnPaper(size: 4, node: 1);
        pool.AllReady();

        pool.Finish(pool.Invoke(isolation: isolation));

        Assert.Equal(1, pool.Status.Starting);
    }

    [Fact]
    public void Who_takes_the_next_spare_does_not_lengthen_the_head_start()
    {
        var pool = new PoolOnPaper(size: 8, node: 2);
        pool.AllReady();

        pool.Invoke("a");
        pool.Pass(HeadStart.Length / 2);
        pool.Invoke("b");
        pool.Pass(HeadStart.Length / 2);

        Assert.Equal((2, 2), (pool.Status.Busy, pool.Status.Starting));
    }

    [Fact]
    public void A_call_that_waits_for_a_start_is_not_held_back_by_anybodys_head_start()
    {
        var pool = new PoolOnPaper(size: 4, node: 1);
        pool.AllReady();

        pool.Invoke("a");
        pool.Invoke("b");

        Assert.Equal((1, 1, 1), (pool.Status.Busy, pool.Status.Waiting, pool.Status.Starting));
    }

    [Fact]
    public void No_more_start_at_once_than_may_and_half_as_many_for_spares()
    {
        var pool = new PoolOnPaper(size: 8, node: 4, starts: 4);
        Assert.Equal(2, pool.Status.Starting);

        var calls = Enumerable.Range(0, 6).Select(_ => pool.Invoke(isolation: Isolation.Sandbox)).ToList();

        Assert.Equal((4, 6), (pool.Status.Starting, pool.Status.Waiting));
        pool.Ready(pool.Alive[0]);
        Assert.Equal((4, 5), (pool.Status.Starting, pool.Status.Waiting));
        pool.AllReady();
        Assert.All(calls, call => Assert.NotNull(call.Sandbox));
    }

    [Fact]
    public void Of_two_runtimes_that_wait_for_a_start_the_older_call_goes_first()
    {
        var pool = new PoolOnPaper(size: 8, starts: 1);
        pool.Invoke("a", isolation: Isolation.Sandbox);
        pool.Skip(TimeSpan.FromMilliseconds(1));
        pool.Invoke("b", language: Language.Python);
        pool.Skip(TimeSpan.FromMilliseconds(1));
        pool.Invoke("c", isolation: Isolation.Sandbox);

        pool.Ready(pool.TheOnly(PaperStage.Starting));

        Assert.Equal(Runtime.Python, pool.TheOnly(PaperStage.Starting).Runtime);
    }

    [Fact]
    public void A_timer_that_fires_a_moment_early_leaves_nothing_that_is_due()
    {
        var pool = new PoolOnPaper(size: 8, maxSpares: 4, idleTtl: TimeSpan.FromSeconds(1));
        Busy(pool, rounds: 20);

        // A spare's deadline is a millisecond after the demand has fallen.
        for (; pool.NextDeadline is { } due; pool.AllClosed())
        {
            pool.Skip(due - pool.Now - TimeSpan.FromMilliseconds(0.5));
            pool.Tick();
            pool.Pass(TimeSpan.FromMilliseconds(1));
        }

        Assert.Empty(pool.Alive);
    }

    [Fact]
    public void A_pool_that_is_full_of_bound_sandboxes_gets_no_spares()
    {
        var pool = new PoolOnPaper(size: 3, maxSpares: 3);
        foreach (var path in (string[])["a", "b", "c"])
        {
            var call = pool.Invoke(path);
            pool.Skip(TimeSpan.FromSeconds(1));
            pool.AllReady();
            pool.Finish(call);
        }

        pool.Pass(TimeSpan.FromSeconds(1));

        Assert.Equal((0, 3), (pool.Status.Spare, pool.Status.Idle));
    }

    /// <summary>
    /// Four calls at a time that need a sandbox each; each start takes a quarter of a second or more. At last all that is coming has come.
    /// </summary>
    private static void Busy(PoolOnPaper pool, int rounds, long bytes = 0)
    {
        for (var i = 0; i < rounds; i++)
        {
            var calls = Enumerable.Range(0, 4).Select(_ => pool.Invoke(isolation: Isolation.Sandbox)).ToList();
            pool.Pass(TimeSpan.FromMilliseconds(250));
            Settle();
            calls.ForEach(call => pool.Finish(call));
        }

        Settle();

        void Settle()
        {
            while (pool.Alive.FirstOrDefault(sandbox => sandbox.Stage == PaperStage.Starting) is { } sandbox)
            {
                pool.Skip(TimeSpan.FromMilliseconds(250));
                pool.Ready(sandbox, bytes);
            }
        }
    }
}
