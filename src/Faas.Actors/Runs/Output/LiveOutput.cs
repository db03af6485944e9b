using System.Threading.Channels;
using Akka;
using Akka.Streams.Dsl;

namespace Faas.Actors.Runs.Output;

// Theory of operation. The task that reads the zygote's pipe writes batches of lines into a channel of a few; a
// stream takes them out as its consumer asks. A full channel holds the task, which then does not read the pipe, so
// the zygote's write blocks, and with it the script's. The outcome takes another way than the lines: it is set once
// the sandbox is at rest or dead, by whoever knows it, and the stream emits it after the last line. So a stream needs no
// living actor to end. Batches are bounded in lines, because a line of one byte costs fifty as an object. They go through
// the stream whole: a stream's stages cost more for each element than all that is done to a short line.

/// <summary>One streaming run's way out, with back-pressure from its consumer to the script's next write.</summary>
public sealed class LiveOutput
{
    /// <summary>Lines of one batch at most.</summary>
    public const int BatchLines = 256;

    private const int Batches = 4;

    private readonly Channel<IReadOnlyList<OutputEvent>> _lines = Channel.CreateBounded<IReadOnlyList<OutputEvent>>(
        new BoundedChannelOptions(Batches) { SingleReader = true, SingleWriter = true });

    private readonly TaskCompletionSource<Outcome> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The lines and the end. Materializes once.</summary>
    /// <param name="onLeft">Called when the consumer leaves before the end.</param>
    public Source<IReadOnlyList<OutputEvent>, NotUsed> Source(Action onLeft) => ChannelSource.FromReader(_lines.Reader)
        .Concat(Akka.Streams.Dsl.Source.FromTask(_outcome.Task).Select(IReadOnlyList<OutputEvent> (outcome) => [new OutputEnded(outcome)]))
        .WatchTermination((notUsed, terminated) =>
        {
            terminated.ContinueWith(_ => Left(onLeft), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            return notUsed;
        });

    /// <summary>Adds lines; waits while the consumer is behind. Lines for a consumer who has left are dropped.</summary>
    public async ValueTask WriteAsync(IReadOnlyList<OutputEvent> lines)
    {
        while (await _lines.Writer.WaitToWriteAsync())
        {
            if (_lines.Writer.TryWrite(lines))
            {
                return;
            }
        }
    }

    /// <summary>No more lines come.</summary>
    public void CompleteLines() => _lines.Writer.TryComplete();

    /// <summary>How it ended; the stream ends after the lines written before. Only the first call counts.</summary>
    public void End(Outcome outcome)
    {
        CompleteLines();
        _outcome.TrySetResult(outcome);
    }

    private void Left(Action onLeft)
    {
        CompleteLines();
        if (!_outcome.Task.IsCompleted)
        {
            onLeft();
        }
    }
}
