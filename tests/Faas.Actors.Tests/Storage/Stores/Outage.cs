using System.Diagnostics;
using Faas.Actors.Storage.Redis;
using Xunit;

namespace Faas.Actors.Tests.Storage.Stores;

/// <summary>Watches a connection lose its server and find it again.</summary>
public static class Outage
{
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(20);

    /// <summary>Returns once calls fail; they may succeed until the connection's end is noticed.</summary>
    public static Task BeginsAsync(RedisConnection connection) => Eventually.HoldsAsync(
        async () => await connection.WhyUnreachableAsync(default) is not null, TimeSpan.FromSeconds(10), () => "the server still answers");

    /// <summary>
    /// Returns once calls succeed again; fails when that takes longer. What a busy machine adds to a pause between two looks does not
    /// count: it is time that neither the connection nor Redis had.
    /// </summary>
    public static async Task EndsWithinAsync(TimeSpan limit, RedisConnection connection)
    {
        var begun = Stopwatch.StartNew();
        var lost = TimeSpan.Zero;
        while (await connection.WhyUnreachableAsync(default) is { } why)
        {
            Assert.True(begun.Elapsed - lost < limit, $"after {begun.Elapsed}, of which {lost} are the machine's: {why}");
            var paused = Stopwatch.StartNew();
            await Task.Delay(s_step);
            lost += paused.Elapsed > s_step ? paused.Elapsed - s_step : TimeSpan.Zero;
        }
    }
}
