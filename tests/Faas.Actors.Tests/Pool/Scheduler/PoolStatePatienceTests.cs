using Faas.Actors.Runs;
using Faas.Actors.Runs.Reply;
using Faas.Actors.Scripts;
using Xunit;
using Patience = Faas.Actors.Pool.Scheduler.Patience;

namespace Faas.Actors.Tests.Pool.Scheduler;

/// <summary>When a call waits for a busy sandbox of its own code, and when another sandbox is made. A start takes 100 ms here.</summary>
public sealed class PoolStatePatienceTests
{
    private static readonly TimeSpan s_ms = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan s_start = 100 * s_ms;

    [Fact]
    public void A_burst_of_short_calls_shares_one_sandbox()
    {
        var pool = PoolThatServed(out _, service: s_ms);

        var callers = Enumerable.Range(0, 8).Select(_ => pool.Invoke()).ToList();
        while (pool.Calls.SingleOrDefault(call => call.Running) is { } call)
        {
            pool.Finish(call, s_ms);
        }

        Assert.Equal(1, pool.Started);
        Assert.All(callers, call => Assert.NotNull(call.Answer));
        Assert.All(callers, call => Assert.Equal(Warmth.Warm, call.Warmth));
        Assert.All(callers, call => Assert.InRange(call.Waited, TimeSpan.Zero, 8 * s_ms));
    }

    [Fact]
    public void A_crowd_that_makes_long_calls_gets_as_many_sandboxes_as_it_can_use()
    {
        var pool = PoolThatServed(out _, service: TimeSpan.FromSeconds(1));

        for (var caller = 0; caller < 8; caller++)
        {
            pool.Invoke();
        }

        Assert.Equal(8, pool.Started);
    }

    [Fact]
    public void Where_short_calls_turn_long_nobody_waits_longer_for_them_than_a_start_takes()
    {
        var pool = PoolThatServed(out _, service: s_ms);
        pool.Invoke();
        var next = pool.Invoke();

        pool.Pass(s_start - s_ms);
        Assert.Equal(1, pool.Started);
        pool.Pass(s_ms);

        Assert.Equal(2, pool.Started);
        pool.AllReady();
        Assert.Equal((Warmth.Cold, s_start), (next.Warmth, next.Waited));
    }

    [Fact]
    public void Nobody_waits_longer_than_half_a_second_however_long_starts_take()
    {
        var pool = PoolThatServed(out _, service: s_ms, start: TimeSpan.FromSeconds(10));
        pool.Invoke();
        pool.Invoke();

        pool.Pass(Patience.Longest - s_ms);
        Assert.Equal(1, pool.Started);
        pool.Pass(s_ms);

        Assert.Equal(2, pool.Started);
    }

    [Fact]
    public void Before_any_call_has_ended_nobody_knows_so_another_is_started()
    {
        var pool = new PoolOnPaper(size: 8);
        pool.Invoke();
        pool.Pass(s_start);
        pool.AllReady();

        pool.Invoke();

        Assert.Equal(2, pool.Started);
    }

    [Fact]
    public void A_spare_is_not_spent_on_a_call_that_is_served_sooner_than_it_could_be_replaced()
    {
        var pool = PoolThatServed(out _, service: s_ms, spares: 1);
        pool.AllReady();
        var running = pool.Invoke();
        var next = pool.Invoke();
        pool.Finish(running, s_ms);

        Assert.Equal(Warmth.Warm, next.Warmth);
        Assert.Equal(1, pool.Status.Spare);
    }

    [Fact]
    public void Whose_patience_has_ended_takes_a_spare()
    {
        var pool = PoolThatServed(out _, service: s_ms, spares: 1);
        pool.AllReady();
        pool.Invoke();
        var next = pool.Invoke();

        pool.Pass(2 * s_start);

        Assert.Equal(Warmth.Spare, next.Warmth);
        Assert.InRange(next.Waited, s_start, 1.5 * s_start);
    }

    [Fact]
    public void Of_more_than_can_be_served_in_time_the_first_has_another_made()
    {
        var pool = PoolThatServed(out _, service: 40 * s_ms);
        pool.Invoke();
        var first = pool.Invoke();
        pool.Invoke();
        Assert.Equal(1, pool.Started);

        pool.Invoke();

        Assert.Equal(2, pool.Started);
        pool.AllReady();
        Assert.Equal(Warmth.Cold, first.Warmth);
    }

    [Fact]
    public void Who_waits_for_a_sandbox_that_dies_gets_another_at_once()
    {
        var pool = PoolThatServed(out var sandbox, service: s_ms);
        pool.Invoke();
        var next = pool.Invoke();

        pool.Die(sandbox);

        pool.AllReady();
        Assert.Equal((Warmth.Cold, TimeSpan.Zero), (next.Warmth, next.Waited));
    }

    [Fact]
    public void Without_a_queue_nobody_waits_who_can_have_another()
    {
        var pool = PoolThatServed(out _, service: s_ms, queue: 0);
        pool.Invoke();

        pool.Invoke();

        Assert.Equal(2, pool.Started);
    }

    [Fact]
    public void A_patient_flood_leaves_the_queue_to_others()
    {
        var pool = PoolThatServed(out _, service: s_ms, queue: 4, size: 1);
        var flood = Enumerable.Range(0, 6).Select(_ => pool.Invoke()).ToList();

        var other = pool.Invoke("other");

        Assert.Null(other.Refused);
        Assert.Equal(2, flood.Count(call => call.Refused == RefusalReason.QueueFull));
    }

    [Fact]
    public void A_call_whose_patience_ends_does_not_pass_one_of_its_path_that_queues_for_a_spare()
    {
        var pool = new PoolOnPaper(size: 6, running: 2, node: 1);
        pool.AllReady();
        pool.Finish(pool.Invoke(), s_ms);
        SpareComes();
        var other = pool.Invoke("other");
        SpareComes();
        pool.Invoke(); // keeps the sandbox of its code busy, so there is a spare, and no permit
        var queued = pool.Invoke(isolation: Isolation.Sandbox);
        var patient = pool.Invoke();

        pool.Skip(Patience.Longest);
        pool.Die(other.Sandbox!);

        Assert.Equal((true, false), (queued.Running, patient.Running));

        void SpareComes()
        {
            pool.Pass(TimeSpan.FromSeconds(1));
            pool.AllReady();
        }
    }

    // One sandbox has served one call of the path "a".
    private static PoolOnPaper PoolThatServed(
        out PaperSandbox sandbox, TimeSpan service, TimeSpan? start = null, int spares = 0, int queue = 100, int size = 8)
    {
        var pool = new PoolOnPaper(size, node: spares, queue: queue);
        var call = pool.Invoke();
        pool.Pass(start ?? s_start);
        pool.Ready(pool.Alive[0]);
        pool.Finish(call, service);
        sandbox = call.Sandbox!;
        pool.Pass(s_start);
        return pool;
    }
}
