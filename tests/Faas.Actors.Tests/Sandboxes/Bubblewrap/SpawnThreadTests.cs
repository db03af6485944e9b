using Faas.Actors.Sandboxes.Bubblewrap;
using Xunit;

namespace Faas.Actors.Tests.Sandboxes.Bubblewrap;

public sealed class SpawnThreadTests
{
    [Fact]
    public async Task Whoever_asks_it_is_always_the_same_thread_and_not_one_of_the_pool()
    {
        using var spawner = new SpawnThread();
        var threads = await Task.WhenAll(
            Enumerable.Range(0, 50).Select(_ => Task.Run(() => spawner.RunAsync(() => Thread.CurrentThread, CancellationToken.None))));

        var thread = Assert.Single(threads.Distinct());
        Assert.False(thread.IsThreadPoolThread);
        Assert.True(thread.IsBackground); // a background thread does not keep the process alive
    }

    [Fact]
    public async Task A_start_that_fails_is_its_askers_and_the_next_one_works()
    {
        using var spawner = new SpawnThread();
        var failed = spawner.RunAsync<int>(() => throw new IOException("no fork"), CancellationToken.None);
        var good = spawner.RunAsync(() => 7, CancellationToken.None);

        Assert.Equal("no fork", (await Assert.ThrowsAsync<IOException>(() => failed)).Message);
        Assert.Equal(7, await good);
    }

    [Fact]
    public async Task A_start_that_is_cancelled_while_it_waits_never_happens()
    {
        using var spawner = new SpawnThread();
        using var cancellation = new CancellationTokenSource();
        using var gate = new ManualResetEventSlim();
        var started = false;
        var first = spawner.RunAsync(() => { gate.Wait(); return 0; }, CancellationToken.None);
        var second = spawner.RunAsync(() => started = true, cancellation.Token);

        await cancellation.CancelAsync();
        gate.Set();

        await first;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.False(started);
    }

    [Fact]
    public async Task After_its_end_it_takes_no_more_and_the_thread_ends()
    {
        var spawner = new SpawnThread();
        var thread = await spawner.RunAsync(() => Thread.CurrentThread, CancellationToken.None);

        spawner.Dispose();

        thread.Join();
        await Assert.ThrowsAsync<InvalidOperationException>(() => spawner.RunAsync(() => 0, CancellationToken.None));
    }
}
