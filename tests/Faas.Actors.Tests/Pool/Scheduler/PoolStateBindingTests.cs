using Faas.Actors.Pool.Scheduler;
using Faas.Actors.Runs;
using Faas.Actors.Scripts;
using Xunit;

namespace Faas.Actors.Tests.Pool.Scheduler;

/// <summary>Which sandbox a call gets.</summary>
public class PoolStateBindingTests
{
    [Fact]
    public void A_pool_begins_by_starting_its_spares()
    {
        var pool = new PoolOnPaper(size: 4, node: 1, python: 2);

        Assert.Equal([Runtime.Node, Runtime.Python, Runtime.Python], pool.Alive.Select(sandbox => sandbox.Runtime));
    }

    [Fact]
    public void Spares_never_exceed_the_pool()
    {
        var pool = new PoolOnPaper(size: 1, node: 1, python: 1);

        Assert.Equal(1, pool.Started);
    }

    [Fact]
    public void A_spare_serves_a_call_at_once_and_the_next_call_of_the_same_code_is_warm()
    {
        var pool = new PoolOnPaper(node: 1);
        pool.AllReady();

        var first = pool.Invoke();
        pool.Finish(first);
        var second = pool.Invoke();

        Assert.Equal(Warmth.Spare, first.Warmth);
        Assert.Equal(Warmth.Warm, second.Warmth);
        Assert.Same(first.Sandbox, second.Sandbox);
    }

    [Fact]
    public void Without_a_spare_a_sandbox_is_started_and_the_call_is_cold()
    {
        var pool = new PoolOnPaper();

        var call = pool.Invoke();
        Assert.Null(call.Warmth);
        pool.AllReady();

        Assert.Equal(Warmth.Cold, call.Warmth);
    }

    [Fact]
    public void A_call_that_comes_while_a_spare_is_starting_waits_for_it_and_starts_no_other()
    {
        var pool = new PoolOnPaper(size: 4, node: 1);

        var call = pool.Invoke();
        pool.Ready(pool.Alive[0]);

        Assert.Equal(Warmth.Cold, call.Warmth);
        Assert.Equal(0, call.Sandbox!.Number);
    }

    [Fact]
    public void No_bound_sandbox_is_closed_for_a_spare()
    {
        var pool = new PoolOnPaper(size: 1, node: 1);
        pool.AllReady();

        pool.Finish(pool.Invoke());

        Assert.Equal((1, 0, 0), (pool.Status.Idle, pool.Status.Spare, pool.Status.Starting));
    }

    [Fact]
    public void The_same_text_in_another_language_is_another_program()
    {
        var pool = new PoolOnPaper();
        var javascript = pool.Invoke(code: "return 1", language: Language.JavaScript);
        pool.AllReady();
        pool.Finish(javascript);

        var typescript = pool.Invoke(code: "return 1", language: Language.TypeScript);
        pool.AllReady();

        Assert.Equal(Warmth.Cold, typescript.Warmth);
        Assert.NotSame(javascript.Sandbox, typescript.Sandbox);
    }

    [Fact]
    public void Two_scripts_with_the_same_code_share_a_bound_sandbox()
    {
        var pool = new PoolOnPaper();
        var one = pool.Invoke("one", code: "return 1");
        pool.AllReady();
        pool.Finish(one);

        Assert.Equal(Warmth.Warm, pool.Invoke("two", code: "return 1").Warmth);
    }

    [Fact]
    public void Two_calls_of_one_script_at_a_time_have_a_sandbox_each_and_both_stay_bound()
    {
        var pool = new PoolOnPaper();
        var first = pool.Invoke();
        var second = pool.Invoke();
        pool.AllReady();
        Assert.NotSame(first.Sandbox, second.Sandbox);

        pool.Finish(first);
        pool.Finish(second);

        Assert.Equal(Warmth.Warm, pool.Invoke().Warmth);
        Assert.Equal(Warmth.Warm, pool.Invoke().Warmth);
    }

    [Fact]
    public void Of_several_bound_sandboxes_the_one_used_last_serves()
    {
        var pool = new PoolOnPaper();
        var (first, second) = (pool.Invoke(), pool.Invoke());
        pool.AllReady();
        pool.Finish(second);
        pool.Finish(first);

        Assert.Same(first.Sandbox, pool.Invoke().Sandbox);
    }

    [Fact]
    public void In_a_full_pool_the_sandbox_used_least_recently_gives_way_to_another_script()
    {
        var pool = new PoolOnPaper(size: 2);
        var (a, b) = (pool.Invoke("a"), pool.Invoke("b"));
        pool.AllReady();
        pool.Finish(a);
        pool.Finish(b);
        pool.Finish(pool.Invoke("a"));
        pool.Skip(Turns.Grace);

        var c = pool.Invoke("c");
        Assert.Equal(PaperStage.Closing, b.Sandbox!.Stage);
        Assert.Equal(2, pool.Alive.Count);
        pool.AllClosed();
        pool.AllReady();

        Assert.Equal(Warmth.Cold, c.Warmth);
        Assert.Equal(Warmth.Warm, pool.Invoke("a").Warmth);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_spare_of_another_runtime_gives_way_to_a_call(bool ready)
    {
        var pool = new PoolOnPaper(size: 1, python: 1);
        if (ready)
        {
            pool.AllReady();
        }

        var call = pool.Invoke(language: Language.JavaScript);
        Assert.Equal(PaperStage.Closing, pool.Alive[0].Stage);
        pool.AllClosed();
        pool.AllReady();

        Assert.Equal(Warmth.Cold, call.Warmth);
    }

    [Fact]
    public void An_isolated_call_never_gets_a_bound_sandbox_and_nobody_gets_its_sandbox()
    {
        var pool = new PoolOnPaper(size: 3, node: 1);
        pool.AllReady();
        var bound = pool.Invoke("a");
        pool.Finish(bound);
        pool.AllReady();

        var isolated = pool.Invoke("a", isolation: Isolation.Sandbox);
        Assert.Equal(Warmth.Spare, isolated.Warmth);
        Assert.NotSame(bound.Sandbox, isolated.Sandbox);
        pool.AllReady();
        pool.Finish(isolated);

        Assert.DoesNotContain(isolated.Sandbox, pool.Alive);
        Assert.Same(bound.Sandbox, pool.Invoke("a").Sandbox);
    }

    [Fact]
    public void A_sandbox_that_served_an_isolated_call_is_closed_even_if_it_says_that_it_is_free()
    {
        var pool = new PoolOnPaper(size: 1);
        var isolated = pool.Invoke(isolation: Isolation.Sandbox);
        pool.AllReady();

        pool.SayFree(isolated.Sandbox!);

        Assert.Equal(PaperStage.Closing, isolated.Sandbox!.Stage);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Of_an_idle_sandbox_and_a_useless_spare_the_one_unused_for_longer_gives_way(bool spareIsOlder)
    {
        var pool = new PoolOnPaper(size: 2, python: 1);
        var spare = pool.Alive[0];
        var idle = pool.Invoke("a");
        if (spareIsOlder)
        {
            pool.Ready(spare);
        }

        pool.Skip(Turns.Length);
        pool.Ready(pool.Alive[1]);
        pool.Finish(idle);
        pool.Skip(Turns.Length);
        pool.Ready(spare);
        pool.Skip(Turns.Length);
        pool.Invoke("b");

        Assert.Equal(PaperStage.Closing, (spareIsOlder ? spare : idle.Sandbox!).Stage);
        Assert.NotEqual(PaperStage.Closing, (spareIsOlder ? idle.Sandbox! : spare).Stage);
    }

    [Fact]
    public void A_check_binds_a_sandbox_that_then_runs_the_code_warm()
    {
        var pool = new PoolOnPaper();
        var check = pool.Invoke(mode: RunMode.Check);
        pool.AllReady();
        pool.Finish(check);

        Assert.Equal(Warmth.Warm, pool.Invoke().Warmth);
    }

    [Fact]
    public void A_call_that_waits_for_a_start_takes_a_bound_sandbox_that_is_free_earlier()
    {
        var pool = new PoolOnPaper(size: 2);
        var first = pool.Invoke();
        pool.AllReady();
        var second = pool.Invoke();

        pool.Finish(first);

        Assert.Equal(Warmth.Warm, second.Warmth);
        pool.AllReady();
        Assert.Equal(1, pool.Status.Spare);
    }

    [Fact]
    public void A_bound_sandbox_unused_for_idle_ttl_is_closed_and_a_used_one_is_not()
    {
        var pool = new PoolOnPaper(idleTtl: TimeSpan.FromMinutes(5));
        var (a, b) = (pool.Invoke("a"), pool.Invoke("b"));
        pool.AllReady();
        pool.Finish(a);
        pool.Finish(b);
        pool.Pass(TimeSpan.FromMinutes(3));
        pool.Finish(pool.Invoke("b"));

        pool.Pass(TimeSpan.FromMinutes(3));

        Assert.Equal(PaperStage.Closing, a.Sandbox!.Stage);
        Assert.Equal(PaperStage.Idle, b.Sandbox!.Stage);
    }

    [Fact]
    public void A_spare_that_is_kept_stays_and_one_too_many_goes_after_idle_ttl()
    {
        var pool = new PoolOnPaper(size: 3, node: 1, idleTtl: TimeSpan.FromMinutes(5));
        var first = pool.Invoke();
        var second = pool.Invoke("b");
        pool.Cancel(first);
        pool.Cancel(second);
        pool.AllReady();
        Assert.True(pool.Status.Spare > 1);

        pool.Pass(TimeSpan.FromMinutes(6));
        pool.AllClosed();

        Assert.Equal(1, pool.Status.Spare);
    }
}
