using Faas.Actors.Pool.Scheduler;
using Faas.Actors.Runs;
using Xunit;

namespace Faas.Actors.Tests.Pool.Scheduler;

/// <summary>What is closed when the sandboxes hold as much memory as they may. A start takes 100 ms here.</summary>
public sealed class PoolStateMemoryTests
{
    private const long Megabyte = 1 << 20;
    private static readonly TimeSpan s_start = TimeSpan.FromMilliseconds(100);

    [Fact]
    public void As_many_sandboxes_stay_as_their_measured_memory_allows()
    {
        var pool = new PoolOnPaper(size: 1000, memory: 100 * Megabyte);
        for (var script = 0; script < 60; script++)
        {
            Serve(pool, $"script-{script}", 4);
        }

        Assert.InRange(pool.Status.Idle, 22, 25);
    }

    [Fact]
    public void One_sandbox_is_always_allowed()
    {
        var pool = new PoolOnPaper(memory: 1);

        Assert.Equal(Warmth.Cold, Serve(pool, "a", 4).Warmth);
        pool.Skip(Turns.Grace);
        Assert.Equal(Warmth.Cold, Serve(pool, "b", 4).Warmth);
        Assert.Equal((1, 1), (pool.Alive.Count, pool.Status.Idle));
    }

    [Fact]
    public void What_the_mothers_hold_leaves_less_for_sandboxes()
    {
        var pool = new PoolOnPaper(size: 1000, memory: 100 * Megabyte);
        for (var script = 0; script < 20; script++)
        {
            Serve(pool, $"script-{script}", 4);
        }

        Assert.Equal((20, 80 * Megabyte, 100 * Megabyte), (pool.Status.Idle, pool.Status.HeldBytes, pool.Status.MostBytes));

        pool.MothersHold(60 * Megabyte);
        pool.AllClosed();

        Assert.Equal((10, 100 * Megabyte), (pool.Status.Idle, pool.Status.HeldBytes));
        pool.Invoke("another"); // it needs the room of one
        Assert.Equal(9, pool.Status.Idle);
    }

    [Fact]
    public void One_sandbox_is_allowed_even_if_the_mothers_hold_all()
    {
        var pool = new PoolOnPaper(memory: 100 * Megabyte);
        pool.MothersHold(200 * Megabyte);

        Assert.Equal(Warmth.Cold, Serve(pool, "a", 4).Warmth);
    }

    [Fact]
    public void The_seldom_used_one_gives_way_before_the_often_used_one_that_was_used_earlier()
    {
        var pool = new PoolOnPaper(size: 2);
        for (var call = 0; call < 10; call++)
        {
            Serve(pool, "often", 4);
        }

        Serve(pool, "seldom", 4);
        pool.Skip(Turns.Grace);
        Serve(pool, "new", 4);

        Assert.Equal(Warmth.Warm, pool.Invoke("often").Warmth);
    }

    [Fact]
    public void The_one_that_holds_much_gives_way_before_those_that_hold_little()
    {
        var pool = new PoolOnPaper(size: 2);
        Serve(pool, "small", 4);
        Serve(pool, "large", 60);
        pool.Skip(Turns.Grace);
        Serve(pool, "new", 4);

        Assert.Equal(Warmth.Warm, pool.Invoke("small").Warmth);
    }

    [Fact]
    public void What_was_used_often_long_ago_gives_way_in_the_end()
    {
        var pool = new PoolOnPaper(size: 2);
        for (var call = 0; call < 10; call++)
        {
            Serve(pool, "once-popular", 4);
        }

        for (var script = 0; script < 10; script++)
        {
            pool.Skip(Turns.Grace);
            Serve(pool, $"script-{script}", 4);
        }

        Assert.NotEqual(Warmth.Warm, pool.Invoke("once-popular").Warmth);
    }

    [Fact]
    public void When_a_sandbox_grows_past_what_is_allowed_the_least_worth_are_closed_and_no_more_than_needed()
    {
        var pool = new PoolOnPaper(size: 10, memory: 80 * Megabyte);
        foreach (var script in (string[])["a", "b", "c", "d"])
        {
            Serve(pool, script, 15);
        }

        Assert.Equal(4, pool.Status.Idle);

        pool.Finish(pool.Invoke("d"), bytes: 45 * Megabyte);

        Assert.Equal((3, 1), (pool.Status.Idle, pool.Alive.Count(sandbox => sandbox.Stage == PaperStage.Closing)));
    }

    private static PaperCall Serve(PoolOnPaper pool, string path, int megabytes)
    {
        var call = pool.Invoke(path);
        pool.AllClosed();
        while (pool.Alive.FirstOrDefault(sandbox => sandbox.Stage == PaperStage.Starting) is { } starting)
        {
            pool.Skip(s_start);
            pool.Ready(starting, megabytes * Megabyte);
        }

        pool.Finish(call, TimeSpan.FromMilliseconds(2));
        return call;
    }
}
