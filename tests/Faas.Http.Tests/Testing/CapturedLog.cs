using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Faas.Http.Tests.Testing;

/// <summary>Keeps what the server logs, in order.</summary>
public sealed class CapturedLog : ILoggerProvider
{
    private readonly Channel<Entry> _entries = Channel.CreateUnbounded<Entry>();

    /// <summary>The next entry of this category; waits for it.</summary>
    public async Task<Entry> NextAsync(string category)
    {
        while (true)
        {
            if (await _entries.Reader.ReadAsync() is var entry && entry.Category.EndsWith(category, StringComparison.Ordinal))
            {
                return entry;
            }
        }
    }

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, _entries.Writer);

    public void Dispose()
    {
    }

    public sealed record Entry(string Category, LogLevel Level, string Text, IReadOnlyDictionary<string, object?> Fields);

    private sealed class Logger(string category, ChannelWriter<Entry> entries) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            entries.TryWrite(new Entry(
                category,
                logLevel,
                formatter(state, exception),
                (state as IReadOnlyList<KeyValuePair<string, object?>> ?? []).ToDictionary(field => field.Key, field => field.Value)));
    }
}
