using Faas.Actors.Runs;
using Faas.Actors.Scripts;
using Xunit;
using Patience = Faas.Actors.Pool.Scheduler.Patience;

namespace Faas.Actors.Tests.Pool.Scheduler;

/// <summary>Sandboxes that stay bound to a version because its settings say so.</summary>
public sealed class PoolStateKeepingTests
{
    private static readonly TimeSpan s_ttl = TimeSpan.FromMinutes(5);

    [Fact]
    public void A_new_version_gets_as_many_as_it_wishes_without_a_call()
    {
        var pool = new PoolOnPaper(size: 8);

        pool.KeepWarm(2);
        pool.AllReady();

        Assert.Equal((2, 0), (pool.Status.Idle, pool.Status.Spare));
        var calls = new[] { pool.Invoke(), pool.Invoke() };
        Assert.All(calls, call => Assert.Equal(Warmth.Warm, call.Warmth));
    }

    [Fact]
    public void Spares_are_taken_first_and_replaced()
    {
        var pool = new PoolOnPaper(size: 8, node: 1);
        pool.AllReady();

        pool.KeepWarm(1);
        Assert.Equal((1, 0, 1), (pool.Status.Idle, pool.Status.Spare, pool.Status.Starting));

        pool.AllReady();
        Assert.Equal((1, 1, 0), (pool.Status.Idle, pool.Status.Spare, pool.Status.Starting));
    }

    [Fact]
    public void A_call_of_the_latest_version_tells_it_too()
    {
        var pool = new PoolOnPaper(size: 8);

        var call = pool.Invoke(minWarm: 3);
        pool.AllReady();
        pool.Finish(call);
        pool.AllReady();

        Assert.Equal(3, pool.Status.Idle);
    }

    [Fact]
    public void They_stay_when_the_others_are_closed_for_being_idle()
    {
        var pool = new PoolOnPaper(size: 8, idleTtl: s_ttl);
        pool.KeepWarm(1);
        pool.AllReady();
        var (first, second, other) = (pool.Invoke(), pool.Invoke(), pool.Invoke("other"));
        pool.Pass(Patience.Longest);
        pool.AllReady();
        pool.Finish(first);
        pool.Finish(second);
        pool.Finish(other);
        Assert.Equal(3, pool.Status.Idle);

        pool.Pass(2 * s_ttl);
        pool.AllClosed();

        Assert.Equal(first.Run.BindingKey, Assert.Single(pool.Alive).Code);
    }

    [Fact]
    public void They_stay_when_another_script_needs_a_place()
    {
        var pool = new PoolOnPaper(size: 2);
        pool.KeepWarm(1);
        pool.AllReady();

        foreach (var path in (string[])["b", "c", "d"])
        {
            var call = pool.Invoke(path);
            pool.Pass(TimeSpan.FromSeconds(1));
            pool.AllClosed();
            pool.AllReady();
            pool.Finish(call, TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal(Warmth.Warm, pool.Invoke().Warmth);
    }

    [Fact]
    public void One_that_ends_is_replaced()
    {
        var pool = new PoolOnPaper(size: 8);
        pool.KeepWarm(2);
        pool.AllReady();

        pool.Die(pool.Alive[0]);
        pool.Pass(TimeSpan.FromSeconds(1));
        pool.AllReady();

        Assert.Equal((2, 1), (pool.Status.Idle, pool.Vanished));
    }

    [Fact]
    public void Those_that_end_before_they_are_used_are_not_replaced_over_and_over_at_once()
    {
        var pool = new PoolOnPaper(size: 8);
        pool.KeepWarm(1);
        for (var round = 0; round < 50; round++)
        {
            pool.AllReady();
            pool.Alive.ToList().ForEach(pool.Die);
            pool.Pass(TimeSpan.FromMilliseconds(20));
        }

        Assert.InRange(pool.Started, 2, 6);
    }

    [Fact]
    public void The_version_that_follows_takes_the_place_of_the_one_before()
    {
        var pool = new PoolOnPaper(size: 8, idleTtl: s_ttl);
        pool.KeepWarm(2, code: "one");
        pool.AllReady();

        pool.KeepWarm(1, code: "two");
        pool.AllReady();
        Assert.Equal(3, pool.Status.Idle);
        pool.Pass(2 * s_ttl);
        pool.AllClosed();

        Assert.Equal(1, pool.Status.Idle);
        Assert.Equal(Warmth.Warm, pool.Invoke(code: "two").Warmth);
    }

    [Fact]
    public void A_latest_version_without_a_wish_ends_that_of_the_one_before()
    {
        var pool = new PoolOnPaper(size: 8, idleTtl: s_ttl);
        pool.KeepWarm(2, code: "one");
        pool.AllReady();

        pool.KeepWarm(0, code: "two");
        pool.Pass(2 * s_ttl);
        pool.AllClosed();

        Assert.Empty(pool.Alive);
    }

    [Fact]
    public void A_script_that_is_called_no_more_keeps_none()
    {
        var pool = new PoolOnPaper(size: 8, idleTtl: s_ttl);
        pool.KeepWarm(1, "a");
        pool.KeepWarm(1, "b");
        pool.AllReady();

        pool.LetGo("a");
        pool.Pass(2 * s_ttl);
        pool.AllClosed();

        Assert.Equal(1, pool.Status.Idle);
        Assert.Equal(Warmth.Warm, pool.Invoke("b").Warmth);
    }

    [Fact]
    public void A_call_that_names_its_version_changes_nothing()
    {
        var pool = new PoolOnPaper(size: 8, idleTtl: s_ttl);
        pool.KeepWarm(1, code: "two");
        pool.AllReady();

        var call = pool.Invoke(code: "one");
        pool.AllReady();
        pool.Finish(call);
        pool.Pass(2 * s_ttl);
        pool.AllClosed();

        Assert.Equal(Warmth.Warm, pool.Invoke(code: "two").Warmth);
    }

    [Fact]
    public void Scripts_with_the_same_code_share_theirs_and_the_larger_wish_counts()
    {
        var pool = new PoolOnPaper(size: 8, idleTtl: s_ttl);
        pool.KeepWarm(1, "a", code: "same");
        pool.KeepWarm(3, "b", code: "same");
        pool.AllReady();
        Assert.Equal(3, pool.Status.Idle);

        pool.KeepWarm(0, "b", code: "same");
        pool.Pass(2 * s_ttl);
        pool.AllClosed();

        Assert.Equal(1, pool.Status.Idle);
    }

    [Fact]
    public void In_all_they_take_half_of_the_pool()
    {
        var pool = new PoolOnPaper(size: 5);
        for (var i = 0; i < 5; i++)
        {
            pool.KeepWarm(1, $"path-{i}");
        }

        pool.AllReady();

        Assert.Equal(2, pool.Status.Idle);
    }

    [Fact]
    public void In_all_they_hold_half_of_the_memory()
    {
        var pool = new PoolOnPaper(size: 20, memory: 100 << 20);
        for (var i = 0; i < 8; i++)
        {
            pool.KeepWarm(1, $"path-{i}");
            pool.Alive.Where(sandbox => sandbox.Stage == PaperStage.Starting).ToList().ForEach(sandbox => pool.Ready(sandbox, 20 << 20));
        }

        Assert.Equal(3, pool.Status.Idle); // the third one goes past the half
    }

    [Fact]
    public void In_a_full_pool_the_idle_sandbox_that_is_worth_least_gives_way()
    {
        var pool = new PoolOnPaper(size: 2);
        foreach (var path in (string[])["a", "b"])
        {
            var call = pool.Invoke(path);
            pool.AllReady();
            pool.Finish(call);
        }

        pool.KeepWarm(1, "c");
        pool.AllClosed();
        pool.AllReady();

        Assert.Equal(Warmth.Warm, pool.Invoke("c").Warmth);
    }

    [Fact]
    public void A_version_whose_runs_share_no_sandbox_has_none()
    {
        var pool = new PoolOnPaper(size: 8);

        pool.KeepWarm(2, isolation: Isolation.Sandbox);

        Assert.Empty(pool.Alive);
    }

    [Fact]
    public void A_pool_that_drains_keeps_none()
    {
        var pool = new PoolOnPaper(size: 8);
        pool.KeepWarm(2);
        pool.AllReady();

        pool.Drain(TimeSpan.FromSeconds(1));
        pool.AllClosed();

        Assert.Empty(pool.Alive);
        Assert.Equal(1, pool.TimesGone);
    }
}
