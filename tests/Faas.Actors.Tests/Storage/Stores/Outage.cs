using Faas.Actors.Storage.Redis;

namespace Faas.Actors.Tests.Storage.Stores;

/// <summary>Watches a connection lose its server and find it again.</summary>
public static class Outage
{
    /// <summary>Returns once calls fail; they may succeed until the connection's end is noticed.</summary>
    public static Task BeginsAsync(RedisConnection connection) => Eventually.HoldsAsync(
        async () => await connection.WhyUnreachableAsync(default) is not null, TimeSpan.FromSeconds(10), () => "the server still answers");

    /// <summary>Returns once calls succeed again; fails when that takes longer.</summary>
    public static async Task EndsWithinAsync(TimeSpan limit, RedisConnection connection)
    {
        string? why = null;
        await Eventually.HoldsAsync(async () => (why = await connection.WhyUnreachableAsync(default)) is null, limit, () => $"still after {limit}: {why}");
    }
}
