using System.Text;
using System.Threading.Channels;
using Akka;
using Akka.Streams.Dsl;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Output;
using Faas.Actors.Runs.Reply;

namespace Faas.Http.Tests.Testing;

/// <summary>The output of a streaming run, printed by the test.</summary>
public sealed class ScriptedOutput
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private readonly Channel<IReadOnlyList<OutputEvent>> _events = Channel.CreateUnbounded<IReadOnlyList<OutputEvent>>();
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the stream has ended or was cancelled; throws when that does not happen.</summary>
    public Task Over => _over.Task.WaitAsync(s_patience);

    public RunStreaming For(Run run) => new(
        run.RunId,
        Warmth.Warm,
        ChannelSource.FromReader(_events.Reader).WatchTermination((_, done) =>
        {
            done.ContinueWith(_ => _over.TrySetResult(), TaskScheduler.Default);
            return NotUsed.Instance;
        }));

    public void Print(string line, OutputStream stream = OutputStream.Stdout) =>
        _events.Writer.TryWrite([new OutputLine(stream, Encoding.UTF8.GetBytes(line), Partial: false)]);

    public void End(Outcome outcome)
    {
        _events.Writer.TryWrite([new OutputEnded(outcome)]);
        _events.Writer.Complete();
    }

    public void Break(Exception? failure = null) => _events.Writer.Complete(failure);
}
