using Faas.Actors.Pool.Scheduler;
using Faas.Actors.Runs;
using Faas.Actors.Scripts;
using Xunit;

namespace Faas.Actors.Tests.Pool.Scheduler;

/// <summary>Sandboxes that do not start, or die.</summary>
public class PoolStateFailureTests
{
    [Fact]
    public void A_start_that_fails_breaks_the_call_that_waited_for_it_and_says_why()
    {
        var pool = new PoolOnPaper();
        var call = pool.Invoke();

        pool.FailStart(pool.Alive[0], "bwrap: not found");

        Assert.Equal((Reason.Sandbox, "bwrap: not found"), (call.Outcome!.Reason, call.Outcome.Detail));
        Assert.Equal(("node: bwrap: not found", 1), (pool.Status.LastStartError, pool.Status.FailedStarts));
    }

    [Fact]
    public void The_start_error_is_forgotten_with_the_next_start_that_works()
    {
        var pool = new PoolOnPaper();
        pool.Invoke();
        pool.FailStart(pool.Alive[0]);

        pool.Invoke();
        pool.AllReady();

        Assert.Equal((null, 0), (pool.Status.LastStartError, pool.Status.FailedStarts));
    }

    [Fact]
    public void Starts_of_a_runtime_that_fail_again_and_again_are_counted_whatever_works_of_the_other()
    {
        var pool = new PoolOnPaper(size: 4);
        for (var failure = 0; failure < 3; failure++)
        {
            pool.Invoke(language: Language.Python);
            pool.FailStart(pool.TheOnly(PaperStage.Starting), "no interpreter");
            pool.AllClosed();
        }

        pool.Invoke(language: Language.JavaScript);
        pool.AllReady();

        Assert.Equal(("python: no interpreter", 3), (pool.Status.LastStartError, pool.Status.FailedStarts));
    }

    [Fact]
    public void Calls_that_are_served_warm_do_not_end_the_pause_of_spares_that_cannot_start()
    {
        var pool = new PoolOnPaper(size: 2, node: 1);
        pool.AllReady();
        pool.Finish(pool.Invoke());
        pool.FailStart(pool.TheOnly(PaperStage.Starting));
        pool.AllClosed();

        var warm = pool.Invoke();
        pool.Finish(warm);

        Assert.Equal(Warmth.Warm, warm.Warmth);
        Assert.DoesNotContain(pool.Alive, sandbox => sandbox.Stage == PaperStage.Starting);
    }

    [Fact]
    public void A_sandbox_that_ends_before_it_is_ready_has_failed_to_start()
    {
        var pool = new PoolOnPaper();
        var call = pool.Invoke();

        pool.Die(pool.Alive[0]);

        Assert.Equal(Reason.Sandbox, call.Outcome!.Reason);
        Assert.NotNull(pool.Status.LastStartError);
    }

    [Fact]
    public void A_failed_start_breaks_no_call_that_a_starting_spare_can_serve()
    {
        var pool = new PoolOnPaper(size: 2, node: 2);
        var call = pool.Invoke();

        pool.FailStart(pool.Alive[0]);
        Assert.Null(call.Answer);
        pool.Ready(pool.TheOnly(PaperStage.Starting));

        Assert.True(call.Running);
    }

    [Fact]
    public void A_failed_start_breaks_no_call_that_a_busy_sandbox_of_its_code_can_serve_later()
    {
        var pool = new PoolOnPaper(size: 2);
        var first = pool.Invoke();
        pool.AllReady();
        var second = pool.Invoke();

        pool.FailStart(pool.TheOnly(PaperStage.Starting));
        pool.AllClosed();
        Assert.Null(second.Answer);
        Assert.DoesNotContain(pool.Alive, sandbox => sandbox.Stage == PaperStage.Starting);
        pool.Finish(first);

        Assert.Equal(Warmth.Warm, second.Warmth);
    }

    [Fact]
    public void A_call_left_without_hope_by_the_end_of_the_last_sandbox_of_its_code_is_broken()
    {
        var pool = new PoolOnPaper(size: 2);
        var first = pool.Invoke();
        pool.AllReady();
        var second = pool.Invoke();
        pool.FailStart(pool.TheOnly(PaperStage.Starting));

        pool.Die(first.Sandbox!);

        Assert.Equal(Reason.Sandbox, second.Outcome!.Reason);
    }

    [Fact]
    public void After_a_failed_start_the_next_that_works_serves_the_call_without_another_hope_and_then_one_is_started_for_the_other()
    {
        var pool = new PoolOnPaper(size: 3);
        pool.Invoke("a");
        pool.AllReady();
        var second = pool.Invoke("a");
        var other = pool.Invoke("b");
        var starting = pool.Alive.Where(sandbox => sandbox.Stage == PaperStage.Starting).ToList();
        pool.FailStart(starting[0]);
        pool.AllClosed();

        pool.Ready(starting[1]);
        Assert.True(other.Running);
        pool.Ready(pool.TheOnly(PaperStage.Starting));

        Assert.True(second.Running);
    }

    [Fact]
    public void A_sandbox_that_is_the_last_hope_of_a_call_does_not_give_way_to_another_script()
    {
        var pool = new PoolOnPaper(size: 2);
        var first = pool.Invoke("a");
        pool.AllReady();
        var second = pool.Invoke("a");
        pool.FailStart(pool.TheOnly(PaperStage.Starting));
        pool.AllClosed();
        pool.Invoke("b");
        pool.AllReady();
        pool.Invoke("c");

        pool.Finish(first, 2 * Turns.Length);

        Assert.Equal(Warmth.Warm, second.Warmth);
    }

    [Fact]
    public void Spares_that_fail_are_tried_again_after_100_ms_and_then_ever_later_up_to_800_ms()
    {
        var pool = new PoolOnPaper(size: 1, node: 1);
        var pauses = new List<int>();
        for (var failure = 0; failure < 9; failure++)
        {
            pool.FailStart(pool.Alive.Single());
            pool.AllClosed();
            var pause = 0;
            for (; pool.Alive.Count == 0; pause += 50)
            {
                pool.Pass(TimeSpan.FromMilliseconds(50));
            }

            pauses.Add(pause);
        }

        Assert.Equal([100, 200, 400, 800, 800, 800, 800, 800, 800], pauses);
    }

    [Fact]
    public void A_call_does_not_wait_for_the_pause_and_ends_it_when_its_start_works()
    {
        var pool = new PoolOnPaper(size: 2, node: 1);
        pool.FailStart(pool.Alive.Single());
        pool.AllClosed();
        Assert.Empty(pool.Alive);

        var call = pool.Invoke();
        pool.Ready(pool.TheOnly(PaperStage.Starting));

        Assert.True(call.Running);
        pool.TheOnly(PaperStage.Starting);
    }

    [Fact]
    public void Spares_that_die_as_soon_as_they_are_ready_are_not_replaced_in_a_hot_loop()
    {
        var pool = new PoolOnPaper(size: 1, node: 1);

        pool.Die(pool.Ready(pool.Alive.Single()));

        Assert.Equal(1, pool.Vanished);
        Assert.Empty(pool.Alive);
        pool.Pass(TimeSpan.FromMilliseconds(100));
        Assert.Single(pool.Alive);
    }

    [Fact]
    public void One_runtime_that_cannot_start_does_not_hold_up_the_spares_of_the_other()
    {
        var pool = new PoolOnPaper(size: 4, node: 1, python: 1);
        pool.FailStart(pool.Alive.Single(sandbox => sandbox.Runtime == Runtime.Python));
        var node = pool.Alive.Single(sandbox => sandbox.Runtime == Runtime.Node);

        pool.Ready(node);
        pool.Finish(pool.Invoke(language: Language.JavaScript));

        Assert.Equal(Runtime.Node, pool.TheOnly(PaperStage.Starting).Runtime);
    }

    [Fact]
    public void A_call_whose_sandbox_died_without_an_answer_is_answered_by_the_pool_and_the_sandbox_replaced()
    {
        var pool = new PoolOnPaper(size: 1);
        var call = pool.Invoke();
        pool.AllReady();
        var next = pool.Invoke("b");

        pool.Die(call.Sandbox!);
        Assert.Equal(Reason.Sandbox, call.Outcome!.Reason);
        pool.AllReady();

        Assert.Equal(Warmth.Cold, next.Warmth);
    }

    [Fact]
    public void A_cancelled_call_whose_sandbox_died_without_an_answer_is_answered_as_cancelled()
    {
        var pool = new PoolOnPaper();
        var call = pool.Invoke();
        pool.AllReady();
        pool.Cancel(call);

        pool.Die(call.Sandbox!);

        Assert.Equal(Reason.Cancelled, call.Outcome!.Reason);
    }

    [Fact]
    public void An_idle_sandbox_that_dies_is_reported_and_its_code_starts_cold_again()
    {
        var pool = new PoolOnPaper();
        var call = pool.Invoke();
        pool.AllReady();
        pool.Finish(call);

        pool.Die(call.Sandbox!);
        var next = pool.Invoke();
        pool.AllReady();

        Assert.Equal((1, Warmth.Cold), (pool.Vanished, next.Warmth!.Value));
    }
}
