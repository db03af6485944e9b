using Faas.Actors.Lending;
using Faas.Actors.Scripts;
using Faas.Actors.Storage.Redis;
using Faas.Actors.Tests.Storage.Stores;
using Xunit;

namespace Faas.Actors.Tests.Storage.Redis;

/// <summary>The leases of a cluster's shards, on a real Redis.</summary>
public sealed class HeldLeasesTests(RedisServerStore store) : IClassFixture<RedisServerStore>
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private readonly StoreKeys _keys = new($"leases-{Guid.NewGuid():N}:");

    [Fact]
    public async Task One_process_holds_a_lease_until_it_gives_it_back()
    {
        await using var first = Open();
        await using var second = Open();
        Assert.True(await first.AcquireAsync("a", _ => { }));
        Assert.False(await second.AcquireAsync("a", _ => { }));
        Assert.Equal((true, false), (first.Left("a") > TimeSpan.Zero, second.Left("a") > TimeSpan.Zero));

        await first.ReleaseAsync("a", TimeSpan.Zero);
        Assert.Equal((TimeSpan.Zero, 0), (first.Left("a"), first.Term("a")));
        Assert.True(await second.AcquireAsync("a", _ => { }));
    }

    [Fact]
    public async Task A_lease_that_is_given_back_is_kept_from_others_as_long_as_asked()
    {
        await using var first = Open();
        await using var second = Open();
        Assert.True(await first.AcquireAsync("a", _ => { }));
        await first.ReleaseAsync("a", TimeSpan.FromSeconds(1));
        Assert.False(await second.AcquireAsync("a", _ => { }));
        await Eventually.HoldsAsync(() => second.AcquireAsync("a", _ => { }), s_patience, () => "the lease does not end");
    }

    [Fact]
    public async Task A_process_that_follows_another_knows_it_for_as_long_as_long_loans_last_however_often_it_takes_the_lease()
    {
        await using var first = Open();
        await using var second = Open();
        await first.AcquireAsync("a", _ => { });
        Assert.Equal(TimeSpan.Zero, first.LeftOfOthers("a"));
        await first.ReleaseAsync("a", TimeSpan.Zero);

        await second.AcquireAsync("a", _ => { });
        var (left, term) = (second.LeftOfOthers("a"), second.Term("a"));
        Assert.InRange(left, LoanBook.Long - TimeSpan.FromSeconds(5), LoanBook.Long);
        await second.AcquireAsync("a", _ => { });
        Assert.InRange(second.LeftOfOthers("a"), TimeSpan.FromTicks(1), left);
        Assert.True(second.Term("a") > term);
        await second.ReleaseAsync("a", TimeSpan.Zero);
        await second.AcquireAsync("a", _ => { });
        Assert.True(second.LeftOfOthers("a") > TimeSpan.Zero);
    }

    [Fact]
    public async Task A_lease_lasts_while_its_process_lives_and_ends_without_it()
    {
        await using var second = Open();
        var first = Open();
        Assert.True(await first.AcquireAsync("a", _ => { }));
        var until = DateTime.UtcNow + HeldLeases.Duration + (HeldLeases.Duration / 4);
        while (DateTime.UtcNow < until)
        {
            Assert.False(await second.AcquireAsync("a", _ => { }));
            Assert.True(first.Left("a") > TimeSpan.Zero);
            await Task.Delay(100);
        }

        await first.DisposeAsync(); // renews no more, as if it had died
        await Eventually.HoldsAsync(() => second.AcquireAsync("a", _ => { }), s_patience, () => "the lease does not end");
        Assert.Equal(TimeSpan.Zero, first.Left("a"));
    }

    [Fact]
    public async Task A_lease_that_another_process_may_have_had_is_lost()
    {
        await using var first = Open();
        var lost = new TaskCompletionSource<Exception?>();
        Assert.True(await first.AcquireAsync("a", lost.SetResult));
        Assert.True(await first.AcquireAsync("b", _ => Assert.Fail("b is not lost")));

        await store.Connection.CallAsync(database => database.KeyDeleteAsync(_keys.ShardLease("a")), default);

        Assert.IsType<StoreException>(await lost.Task.WaitAsync(s_patience));
        Assert.Equal(TimeSpan.Zero, first.Left("a"));
        Assert.True(first.Left("b") > TimeSpan.Zero);
    }

    private HeldLeases Open() => new(store.Connection, _keys, TimeProvider.System);
}
