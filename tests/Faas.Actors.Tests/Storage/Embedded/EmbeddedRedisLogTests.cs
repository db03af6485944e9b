using System.Collections.Concurrent;
using Faas.Actors.Storage.Embedded;
using Faas.Actors.Storage.Redis;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Faas.Actors.Tests.Storage.Embedded;

/// <summary>What redis-server prints is in the server's log.</summary>
public sealed class EmbeddedRedisLogTests : IDisposable
{
    private readonly string _folder = TestFolder.Create("faas-embedded-");
    private readonly Written _log = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_warning_of_redis_is_a_warning_once_redis_is_up_and_what_it_says_of_its_start_is_not()
    {
        await using var redis = new EmbeddedRedis(
            new StoreOptions("test:", null, TimeSpan.FromSeconds(5), Path.Combine(_folder, "data"), "redis-server"), _log);
        await redis.StartAsync(CancellationToken.None);
        await using var connection = RedisConnection.To(redis.Name, () => redis.Socket, TimeSpan.FromSeconds(5));
        connection.Disk = redis;
        await connection.WaitUntilReachableAsync(CancellationToken.None);
        await UntilAsync("ready to accept connections");
        Assert.Empty(Warnings);

        await connection.CallServerAsync(server => server.ExecuteAsync("CONFIG", "SET", "maxmemory", "1"), CancellationToken.None);

        await UntilAsync("smaller than the current memory usage");
        Assert.Contains(Warnings, line => line.StartsWith("redis-server: ", StringComparison.Ordinal));
        Assert.Null(redis.WhyFull());
    }

    private IEnumerable<string> Warnings => _log.Lines.Where(line => line.Level >= LogLevel.Warning).Select(line => line.Text);

    private Task UntilAsync(string words) => Eventually.HoldsAsync(
        () => _log.Lines.Any(line => line.Text.Contains(words, StringComparison.OrdinalIgnoreCase)),
        TimeSpan.FromSeconds(10),
        () => string.Join('\n', _log.Lines));

    private sealed class Written : ILogger<EmbeddedRedis>
    {
        public ConcurrentQueue<(LogLevel Level, string Text)> Lines { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue((logLevel, formatter(state, exception)));
    }
}
