using CsCheck;
using Faas.Actors.Pool.Scheduler;
using Faas.Actors.Runs;
using Faas.Actors.Scripts;
using Xunit;

namespace Faas.Actors.Tests.Pool.Scheduler;

/// <summary>When the short waits of a code's calls have added up, and what then happens. A start takes 100 ms here.</summary>
public sealed class PoolStateGrowthTests
{
    private static readonly TimeSpan s_ms = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan s_start = 100 * s_ms;

    [Fact]
    public void The_waits_of_a_code_add_up_and_at_the_price_of_a_start_another_sandbox_is_made()
    {
        var pool = PoolThatServed("a");

        // Each call waits for the one before it: 10 ms.
        Crowd(pool, callers: 2, calls: 10, service: 10 * s_ms);
        Assert.Equal(1, pool.Started);
        Crowd(pool, callers: 2, calls: 1, service: 10 * s_ms);

        Assert.Equal(2, pool.Started);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void A_crowd_gets_a_sandbox_for_each_processor_and_one_that_clears_away_meanwhile(int processors)
    {
        var pool = PoolThatServed("a", processors: processors);

        CrowdWhoseSandboxesStart(pool, callers: 8, calls: 1000, service: s_ms);

        Assert.Equal(processors + 1, pool.Started);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void A_code_gets_no_more_sandboxes_than_it_has_callers(int callers)
    {
        var pool = PoolThatServed("a", processors: 8);

        CrowdWhoseSandboxesStart(pool, callers, calls: 1000, service: s_ms);

        Assert.Equal(callers, pool.Started);
    }

    [Fact]
    public void A_caller_who_calls_again_while_the_last_run_is_cleared_away_gets_a_second_sandbox_in_the_end()
    {
        var pool = PoolThatServed("a");
        for (var call = 0; call < 200; call++)
        {
            // The reply has come, but the sandbox is not free yet: the next call waits for 1 ms.
            var last = pool.Calls.LastOrDefault(call => call.Running) ?? pool.Invoke("a");
            pool.Skip(s_ms);
            pool.Invoke("a");
            pool.Finish(last, s_ms);
            pool.AllReady();
        }

        Assert.Equal(2, pool.Started);
    }

    [Fact]
    public void A_quiet_time_clears_the_debt()
    {
        var pool = PoolThatServed("a");
        for (var burst = 0; burst < 20; burst++)
        {
            Crowd(pool, callers: 2, calls: 5, service: 10 * s_ms);
            Leave(pool);
            pool.Pass(WaitDebt.Quiet + s_ms);
        }

        Assert.Equal(1, pool.Started);
    }

    [Fact]
    public void Another_sandbox_clears_the_debt()
    {
        var pool = PoolThatServed("a", processors: 8);
        Crowd(pool, callers: 8, calls: 50, service: s_ms);
        pool.AllReady();
        Crowd(pool, callers: 8, calls: 1, service: s_ms);
        Assert.Equal(2, pool.Alive.Count(sandbox => sandbox.Stage == PaperStage.Busy));

        // Two sandboxes serve eight: each call waits for about 3 ms.
        Crowd(pool, callers: 8, calls: 25, service: s_ms);
        Assert.Equal(2, pool.Started);
        Crowd(pool, callers: 8, calls: 25, service: s_ms);

        Assert.Equal(3, pool.Started);
    }

    [Fact]
    public void While_one_sandbox_is_on_its_way_no_other_is_started_whoever_is_to_get_it()
    {
        var pool = PoolThatServed("a", processors: 8);
        Crowd(pool, callers: 8, calls: 1000, service: s_ms);
        Assert.Equal(2, pool.Started);

        pool.AllReady();
        Crowd(pool, callers: 8, calls: 1, service: s_ms);

        Assert.Equal((0, 2), (pool.Status.Spare, pool.Status.Busy));
    }

    [Fact]
    public void A_spare_at_hand_is_taken_at_the_price_of_a_start_and_not_before()
    {
        var pool = PoolThatServed("a", spares: 1);
        pool.AllReady();

        Crowd(pool, callers: 2, calls: 10, service: 10 * s_ms);
        Assert.DoesNotContain(pool.Calls.Skip(1), call => call.Warmth == Warmth.Spare);
        Crowd(pool, callers: 2, calls: 4, service: 10 * s_ms); // one of the two starts took 200 ms

        Assert.Single(pool.Calls.Skip(1), call => call.Warmth == Warmth.Spare);
    }

    [Fact]
    public void A_crowd_of_a_shared_process_stays_with_that_process_and_its_state()
    {
        var pool = PoolThatServed("a", isolation: Isolation.Shared);

        Crowd(pool, callers: 8, calls: 1000, service: s_ms, isolation: Isolation.Shared);

        Assert.Equal(1, pool.Started);
    }

    [Fact]
    public void In_a_full_pool_a_crowd_takes_nothing_from_scripts_that_were_called_lately()
    {
        var pool = PoolThatServed("a", size: 2);
        ServeOne(pool, "b");

        Crowd(pool, callers: 8, calls: 500, service: s_ms);

        Assert.Equal(2, pool.Started);
        Assert.Equal(Warmth.Warm, pool.Invoke("b").Warmth);
    }

    [Fact]
    public void In_a_full_pool_a_crowd_takes_the_place_of_a_script_that_was_not_called_for_long()
    {
        var pool = PoolThatServed("a", size: 3);
        var (old, recent) = (ServeOne(pool, "old"), ServeOne(pool, "recent"));
        pool.Pass(Growth.LongIdle);
        pool.Finish(pool.Invoke("recent"));

        Crowd(pool, callers: 8, calls: 500, service: s_ms);
        Assert.Equal((PaperStage.Closing, PaperStage.Idle), (old.Stage, recent.Stage));
        pool.AllClosed();
        Crowd(pool, callers: 8, calls: 1, service: s_ms);
        pool.AllReady();
        Crowd(pool, callers: 8, calls: 500, service: s_ms);

        Assert.Equal((2, PaperStage.Idle), (pool.Status.Busy, recent.Stage));
    }

    [Fact]
    public void Where_starts_fail_a_crowd_is_served_by_what_it_has_and_starts_are_not_tried_faster_than_spares()
    {
        var pool = PoolThatServed("a");
        for (var round = 0; round < 200; round++)
        {
            Crowd(pool, callers: 8, calls: 10, service: s_ms);
            if (pool.Alive.FirstOrDefault(sandbox => sandbox.Stage == PaperStage.Starting) is { } starting)
            {
                pool.FailStart(starting);
                pool.Die(starting);
            }
        }

        // Two seconds, with pauses of 100, 200, 400, 800 and 800 ms.
        Assert.InRange(pool.Started, 3, 6);
        Assert.All(pool.Calls.Where(call => call.Answer is not null), call => Assert.Equal(Reason.Ok, call.Outcome!.Reason));
    }

    [Fact]
    public void However_many_crowds_there_are_each_script_is_served_and_none_has_more_than_it_can_use() =>
        Gen.Select(Gen.Int[1, 8], Gen.Int[1, 4], Gen.Int[1, 5], Gen.Int[1, 6], Gen.Int[10, 30]).Sample(
            (size, processors, scripts, callers, service) =>
            {
                var pool = new PoolOnPaper(size, queue: 200, processors: processors);
                for (var round = 0; round < 150; round++)
                {
                    for (var script = 0; script < scripts; script++)
                    {
                        var path = $"script-{script}";
                        for (var open = pool.Calls.Count(call => IsOpen(call) && call.Run.Queue == path); open < callers; open++)
                        {
                            pool.Invoke(path);
                        }
                    }

                    pool.AllClosed();
                    pool.AllReady();
                    pool.Pass(service * s_ms);
                    pool.Calls.Where(call => call.Running).ToList().ForEach(call => pool.Finish(call));
                    Assert.All(
                        pool.Alive.Where(sandbox => sandbox is { Code: not null, Stage: not PaperStage.Closing })
                            .CountBy(sandbox => sandbox.Code!),
                        code => Assert.InRange(code.Value, 1, callers));
                }

                Assert.Equal(
                    scripts, pool.Calls.Where(call => call.Answer is not null).Select(call => call.Run.Queue).Distinct().Count());
                Assert.DoesNotContain(pool.Calls, call => call.Refused is not null);
            },
            iter: 50);

    // One sandbox has served one call of this path.
    private static PoolOnPaper PoolThatServed(
        string path, int spares = 0, int size = 16, int processors = 2, Isolation isolation = Isolation.Process)
    {
        var pool = new PoolOnPaper(size, node: spares, queue: 100, processors: processors);
        var call = pool.Invoke(path, isolation: isolation);
        pool.Pass(s_start);
        pool.Ready(pool.Alive[0]);
        pool.Finish(call, s_ms);
        pool.Pass(s_start);
        return pool;
    }

    private static PaperSandbox ServeOne(PoolOnPaper pool, string path)
    {
        var call = pool.Invoke(path);
        pool.AllReady();
        pool.Finish(call, s_ms);
        return call.Sandbox!;
    }

    /// <summary>Callers in a loop: each calls again when it has its reply. What starts meanwhile does not become ready.</summary>
    private static void Crowd(
        PoolOnPaper pool, int callers, int calls, TimeSpan service, Isolation isolation = Isolation.Process)
    {
        for (var call = 0; call < calls; call++)
        {
            while (pool.Calls.Count(IsOpen) < callers)
            {
                pool.Invoke("a", isolation: isolation);
            }

            var next = pool.Calls.Where(call => call.Running).MinBy(call => call.Dispatched)!;
            var left = next.Dispatched + service - pool.Now;
            pool.Finish(next, left > TimeSpan.Zero ? left : TimeSpan.Zero);
        }
    }

    private static void CrowdWhoseSandboxesStart(PoolOnPaper pool, int callers, int calls, TimeSpan service)
    {
        for (var call = 0; call < calls; call++)
        {
            Crowd(pool, callers, calls: 1, service);
            pool.AllReady();
        }
    }

    private static void Leave(PoolOnPaper pool)
    {
        while (pool.Calls.FirstOrDefault(call => call.Running) is { } call)
        {
            pool.Finish(call, s_ms);
        }
    }

    private static bool IsOpen(PaperCall call) => call.Answer is null;
}
