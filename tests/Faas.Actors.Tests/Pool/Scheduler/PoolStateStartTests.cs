using Faas.Actors.Pool.Scheduler;
using Faas.Actors.Runs;
using Faas.Actors.Scripts;
using Xunit;

namespace Faas.Actors.Tests.Pool.Scheduler;

/// <summary>Starts that go on for long hold up those of another language for a bounded time.</summary>
public sealed class PoolStateStartTests
{
    [Fact]
    public void A_start_that_stalls_holds_up_another_language_for_a_second()
    {
        var pool = new PoolOnPaper(size: 10, starts: 2);
        pool.Invoke("a", language: Language.Python);
        pool.Invoke("b", language: Language.Python);
        var other = pool.Invoke("c");
        Assert.Equal(2, pool.Status.Starting);

        pool.Pass(StartPlaces.Slow - TimeSpan.FromMilliseconds(1));
        Assert.Equal(2, pool.Status.Starting);
        pool.Pass(TimeSpan.FromMilliseconds(1));

        pool.Ready(Assert.Single(pool.Alive, sandbox => sandbox.Runtime == Runtime.Node));
        Assert.Equal(Warmth.Cold, other.Warmth);
    }

    [Fact]
    public void Further_calls_of_the_other_language_start_one_after_the_other()
    {
        var pool = new PoolOnPaper(size: 10, starts: 1);
        pool.Invoke("a", language: Language.Python);
        pool.Pass(StartPlaces.Slow);
        var others = new[] { pool.Invoke("b"), pool.Invoke("c"), pool.Invoke("d") };

        foreach (var other in others)
        {
            Assert.Equal(2, pool.Status.Starting);
            pool.Ready(Assert.Single(pool.Alive, sandbox => sandbox is { Runtime: Runtime.Node, Stage: PaperStage.Starting }));
            Assert.Equal(Warmth.Cold, other.Warmth);
        }
    }

    [Fact]
    public void The_language_whose_starts_stall_gets_no_more_of_them()
    {
        var pool = new PoolOnPaper(size: 10, starts: 1);
        pool.Invoke("a", language: Language.Python);
        pool.Invoke("b", language: Language.Python);

        pool.Pass(2 * StartPlaces.Slow);

        Assert.Equal(1, pool.Status.Starting);
    }
}
