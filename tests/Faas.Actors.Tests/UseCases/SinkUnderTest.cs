using System.Text;
using System.Threading.Channels;
using Faas.Actors.Runs.Output;
using Faas.Actors.UseCases;

namespace Faas.Actors.Tests.UseCases;

/// <summary>A sink that keeps what it takes; a test can have it be slow, full or closing.</summary>
public sealed class SinkUnderTest : IRunSink
{
    private readonly Channel<string> _taken = Channel.CreateUnbounded<string>();
    private readonly CancellationTokenSource _closing = new();

    public TimeSpan IdleAfter { get; init; } = TimeSpan.FromMinutes(1);

    public CancellationToken Closing => _closing.Token;

    /// <summary>Awaited before each write is over.</summary>
    public Func<Task> OnWrite { get; set; } = () => Task.CompletedTask;

    /// <summary>What each write says: whether more is taken.</summary>
    public bool TakesMore { get; set; } = true;

    public RunStarted? Started { get; private set; }

    public OutputEnded? Ended { get; private set; }

    public void Close() => _closing.Cancel();

    /// <summary>The next thing that the sink took: a printed line, <c>(idle)</c> or <c>(end)</c>.</summary>
    public async Task<string> NextAsync() => await _taken.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));

    public bool HasMore => _taken.Reader.TryPeek(out _);

    public ValueTask<bool> StartAsync(RunStarted started)
    {
        Started = started;
        return ValueTask.FromResult(TakesMore);
    }

    public async ValueTask<bool> WriteAsync(IReadOnlyList<OutputEvent> events)
    {
        foreach (var next in events)
        {
            Ended = next as OutputEnded ?? Ended;
            await _taken.Writer.WriteAsync(next is OutputLine line ? Encoding.UTF8.GetString(line.Bytes.Span) : "(end)");
        }

        await OnWrite();
        return TakesMore;
    }

    public ValueTask<bool> IdleAsync()
    {
        _taken.Writer.TryWrite("(idle)");
        return ValueTask.FromResult(TakesMore);
    }
}
