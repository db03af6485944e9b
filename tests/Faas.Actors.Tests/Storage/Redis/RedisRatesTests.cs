using Faas.Actors.Storage.Redis;
using Faas.Actors.Tests.Storage.Stores;
using Xunit;

namespace Faas.Actors.Tests.Storage.Redis;

/// <summary>The rates of a cluster's callers, on a real Redis.</summary>
public sealed class RedisRatesTests(RedisServerStore store) : IClassFixture<RedisServerStore>
{
    private readonly StoreKeys _keys = new($"rates-{Guid.NewGuid():N}:");

    [Fact]
    public async Task Nodes_count_the_requests_of_a_caller_together()
    {
        var (one, other) = (Open(), Open());
        for (var taken = 0; taken < 3; taken++)
        {
            Assert.Equal(TimeSpan.Zero, await TakeAsync(one));
            Assert.Equal(TimeSpan.Zero, await TakeAsync(other));
        }

        // The seventh of six: a token comes every 100 s.
        Assert.InRange(await TakeAsync(one), TimeSpan.FromSeconds(50), TimeSpan.FromSeconds(100));
        Assert.InRange(await TakeAsync(other), TimeSpan.FromSeconds(50), TimeSpan.FromSeconds(100));
        Assert.Equal(TimeSpan.Zero, await TakeAsync(other, "another caller"));
    }

    [Fact]
    public async Task A_token_comes_back_in_time()
    {
        var rates = Open();
        Assert.Equal(TimeSpan.Zero, await rates.TakeAsync("ci", perSecond: 5, burst: 1, default));
        TimeSpan wait;
        while ((wait = await rates.TakeAsync("ci", perSecond: 5, burst: 1, default)) > TimeSpan.Zero)
        {
            Assert.InRange(wait, TimeSpan.Zero, TimeSpan.FromMilliseconds(200));
            await Task.Delay(wait);
        }
    }

    private RedisRates Open() => new(store.Connection, _keys);

    private static Task<TimeSpan> TakeAsync(RedisRates rates, string caller = "ci") =>
        rates.TakeAsync(caller, perSecond: 0.01, burst: 6, default);
}
