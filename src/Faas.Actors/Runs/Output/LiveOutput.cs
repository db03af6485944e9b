using System.Threading.Channels;
using Akka;
using Akka.Streams.Dsl;

namespace Faas.Actors.Runs.Output;

// Theory of operation. The task that reads the zygote's pipe writes batches of lines into a small channel; an Akka stream takes them out
// as its consumer asks. While the channel is full, the task waits and does not read the pipe, so the zygote's write blocks, and then the
// script's. The outcome does not go through the channel: the actor, or the task that finishes the run without it, sets the outcome, and
// the stream emits it after the last line. So the stream can end without a living actor. A batch has a limit in lines, because a line of
// one byte takes fifty bytes as an object. Batches pass through the stream whole, because its stages cost more for each element than
// all the work on a short line.

/// <summary>
/// The output of one streaming run. A consumer that does not read makes the script's next write block, or, where the writer must not
/// wait, is told apart by <see cref="TryWrite"/>.
/// </summary>
public sealed class LiveOutput
{
    /// <summary>The most lines of one batch.</summary>
    public const int BatchLines = 256;

    private const int Batches = 4;

    // What a line takes beside its bytes, about.
    private const int LineBytes = 64;

    private readonly long? _mostHeld;
    private readonly Channel<IReadOnlyList<OutputEvent>> _lines;
    private long _held;

    private readonly TaskCompletionSource<Outcome> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Output whose writer waits while the consumer is behind.</summary>
    public LiveOutput() => _lines = Channel.CreateBounded<IReadOnlyList<OutputEvent>>(
        new BoundedChannelOptions(Batches) { SingleReader = true, SingleWriter = true });

    /// <summary>Output whose writer cannot wait: it holds what the consumer has not taken yet, up to this many bytes.</summary>
    public LiveOutput(long mostHeld)
    {
        _mostHeld = mostHeld;
        _lines = Channel.CreateUnbounded<IReadOnlyList<OutputEvent>>(new UnboundedChannelOptions { SingleReader = true });
    }

    /// <summary>The lines, and then the outcome. It can be materialized once.</summary>
    /// <param name="onLeft">Called when the consumer cancels before the outcome.</param>
    public Source<IReadOnlyList<OutputEvent>, NotUsed> Source(Action onLeft) => Lines()
        .Concat(Akka.Streams.Dsl.Source.FromTask(_outcome.Task).Select(IReadOnlyList<OutputEvent> (outcome) => [new OutputEnded(outcome)]))
        .WatchTermination((notUsed, terminated) =>
        {
            terminated.ContinueWith(
                _ => Left(onLeft), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            return notUsed;
        });

    /// <summary>Adds lines. False: more is held now than may be.</summary>
    public bool TryWrite(IReadOnlyList<OutputEvent> lines)
    {
        var held = Interlocked.Add(ref _held, BytesOf(lines));
        _lines.Writer.TryWrite(lines);
        return held <= _mostHeld;
    }

    /// <summary>Adds lines, and waits while the consumer is behind. After the consumer has left, lines are dropped.</summary>
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

    /// <summary>Tells that no more lines come.</summary>
    public void CompleteLines() => _lines.Writer.TryComplete();

    /// <summary>Sets the outcome. The stream emits the lines written before, then the outcome. Only the first call has an effect.</summary>
    public void End(Outcome outcome)
    {
        CompleteLines();
        _outcome.TrySetResult(outcome);
    }

    private Source<IReadOnlyList<OutputEvent>, NotUsed> Lines()
    {
        var lines = ChannelSource.FromReader(_lines.Reader);
        return _mostHeld is null ? lines : lines.Select(taken =>
        {
            Interlocked.Add(ref _held, -BytesOf(taken));
            return taken;
        });
    }

    private static long BytesOf(IReadOnlyList<OutputEvent> lines) =>
        lines.Sum(line => LineBytes + (line is OutputLine { Bytes.Length: var length } ? length : 0));

    private void Left(Action onLeft)
    {
        CompleteLines();
        if (!_outcome.Task.IsCompleted)
        {
            onLeft();
        }
    }
}
