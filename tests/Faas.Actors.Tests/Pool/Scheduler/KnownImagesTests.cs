using Faas.Actors.Pool.Scheduler;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Images;
using Faas.Actors.Scripts;
using Xunit;

namespace Faas.Actors.Tests.Pool.Scheduler;

/// <summary>Images come and go: which are known, and in which order they are considered.</summary>
public sealed class KnownImagesTests
{
    private static readonly TimeSpan s_now = TimeSpan.FromHours(1);
    private static readonly ImageKey s_node = new(Runtime.Node);
    private static readonly ImageKey s_python = new(Runtime.Python);

    [Fact]
    public void The_configured_images_are_node_then_python_with_their_spares()
    {
        var options = new PoolOptions(4, 4, long.MaxValue, 1, 2, 0, 0, 4, 10, TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(5));

        Assert.Equal([(s_node, 1), (s_python, 2)], options.ConfiguredImages);
    }

    [Fact]
    public void Images_with_libraries_come_behind_them_with_spares_of_their_own()
    {
        var options = new PoolOptions(4, 4, long.MaxValue, 1, 2, 0, 0, 4, 10, TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(5))
        {
            Images = new LibraryImages(
                [new LibraryImage("data", Runtime.Python, [], ["numpy"], 3), new LibraryImage("web", Runtime.Node, [], [], 0)]),
        };

        Assert.Equal(
            [(s_node, 1), (s_python, 2), (s_python with { Libraries = "data" }, 3), (s_node with { Libraries = "web" }, 0)],
            options.ConfiguredImages);
    }

    [Fact]
    public void A_spare_serves_the_runs_of_its_own_image_alone()
    {
        var pool = new PoolOnPaper(size: 4, images: [(s_python, 1), (s_python with { Libraries = "data" }, 1)]);
        pool.AllReady();

        var plain = pool.Invoke("plain", language: Language.Python);
        var data = pool.Invoke("data", language: Language.Python, image: "data");
        var other = pool.Invoke("other", language: Language.Python, image: "other");

        Assert.Equal((true, true, false), (plain.Running, data.Running, other.Running));
        Assert.Equal(3, pool.Images);
    }

    [Fact]
    public void Configured_images_come_first_and_are_never_forgotten()
    {
        var images = new KnownImages([(s_python, 0)]);
        images.Of(s_node);
        Assert.Equal([s_python, s_node], Keys(images));

        images.ForgetUnused(s_now);

        Assert.Equal([s_python], Keys(images));
    }

    [Fact]
    public void An_image_is_the_same_object_until_it_is_forgotten()
    {
        var images = new KnownImages([]);
        var first = images.Of(s_node);
        Assert.Same(first, images.Of(s_node));

        images.ForgetUnused(s_now);

        Assert.NotSame(first, images.Of(s_node));
    }

    [Fact]
    public void An_image_whose_runs_wait_or_whose_sandbox_lives_is_kept()
    {
        var pool = new PoolOnPaper(size: 1, images: []);
        var run = pool.Invoke();
        Assert.Equal(1, pool.Images);
        pool.AllReady();
        pool.Invoke("b", language: Language.Python);
        Assert.Equal(2, pool.Images);

        pool.Finish(run);
        pool.Pass(Turns.Length);
        Assert.Equal(2, pool.Images);

        pool.AllClosed();
        Assert.Equal(1, pool.Images);
    }

    [Fact]
    public void An_image_is_kept_while_its_runs_ask_for_spares()
    {
        var images = new KnownImages([]);
        var demand = images.Of(s_node).Demand;
        demand.Started(TimeSpan.FromSeconds(1), bytes: 0);
        for (var run = 0; run < 10; run++)
        {
            demand.Taken(s_now);
        }

        images.ForgetUnused(s_now);
        Assert.Equal(1, images.Count);
        images.ForgetUnused(s_now + TimeSpan.FromMinutes(2));
        Assert.Equal(0, images.Count);
    }

    [Fact]
    public void A_refused_run_leaves_no_image_behind()
    {
        var pool = new PoolOnPaper(size: 1, queue: 0, images: []);
        pool.Invoke();
        pool.AllReady();

        Assert.NotNull(pool.Invoke("b", language: Language.Python).Refused);
        Assert.Equal(1, pool.Images);
    }

    [Fact]
    public void The_image_that_fails_most_often_shows_and_of_two_the_first()
    {
        var images = new KnownImages([(s_node, 0), (s_python, 0)]);
        Assert.Null(images.Failing);
        images.Of(s_python).Backoff.StartFailed("no python", s_now);
        Assert.Equal(s_python, images.Failing?.Key);
        images.Of(s_node).Backoff.StartFailed("no node", s_now);
        Assert.Equal(s_node, images.Failing?.Key);
    }

    private static List<ImageKey> Keys(KnownImages images)
    {
        var keys = new List<ImageKey>();
        foreach (var image in images)
        {
            keys.Add(image.Key);
        }

        return keys;
    }
}
