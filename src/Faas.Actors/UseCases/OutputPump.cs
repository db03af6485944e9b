using System.Threading.Channels;
using Akka;
using Akka.Streams;
using Akka.Streams.Dsl;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Output;
using Microsoft.Extensions.Logging;

namespace Faas.Actors.UseCases;

/// <summary>
/// Moves a run's output to its sink.
/// <para>
/// Theory of operation. The source gives what could be read at one time, of bounded size, and the sink takes it in one
/// call. The source is pulled only after the sink has returned, so the script stalls at its next write while the sink is
/// slow, and nothing is buffered here. The stream ends in a channel and not in Akka's queue: the queue keeps its actor
/// until it was pulled past its end. The first side to end ends the other one: a sink that takes no more, a caller that
/// leaves or a server that stops cancels the source; a source that ends completes the sink.
/// </para>
/// </summary>
public sealed partial class OutputPump(IMaterializer materializer, ILogger<OutputPump> log)
{
    /// <summary>Returns when the sink has taken the outcome, which is returned; null: the sink took no more before that.</summary>
    public async Task<Outcome?> PumpAsync(
        Source<IReadOnlyList<OutputEvent>, NotUsed> output, IRunSink sink, RunStarted started, CancellationToken cancellation)
    {
        var (stop, batches) = output
            .ViaMaterialized(KillSwitches.Single<IReadOnlyList<OutputEvent>>(), Keep.Right)
            .ToMaterialized(ChannelSink.AsReader<IReadOnlyList<OutputEvent>>(1, true), Keep.Both)
            .Run(materializer);
        using var callerLeft = cancellation.UnsafeRegister(_ => stop.Shutdown(), null);
        using var serverStops = sink.Closing.UnsafeRegister(_ => stop.Shutdown(), null);
        try
        {
            return await sink.StartAsync(started) ? await PumpAsync(batches, sink) : null;
        }
        finally
        {
            stop.Shutdown();
        }
    }

    private async Task<Outcome?> PumpAsync(ChannelReader<IReadOnlyList<OutputEvent>> batches, IRunSink sink)
    {
        while (true)
        {
            var more = batches.WaitToReadAsync().AsTask();
            while (!await IsThereWithin(more, sink.IdleAfter))
            {
                if (!await sink.IdleAsync())
                {
                    return null;
                }
            }

            var batch = await ReceivedAsync(batches, more, sink);
            if (!await sink.WriteAsync(batch))
            {
                return null;
            }

            if (batch is [.., OutputEnded end])
            {
                return end.Outcome;
            }
        }
    }

    private async Task<IReadOnlyList<OutputEvent>> ReceivedAsync(
        ChannelReader<IReadOnlyList<OutputEvent>> batches, Task<bool> more, IRunSink sink)
    {
        try
        {
            return await more && batches.TryRead(out var batch) ? batch
                : sink.Closing.IsCancellationRequested ? Ended(Outcome.Cancelled with { Detail = "The server is stopping." })
                : Ended(Outcome.Broken("The output ended without an outcome."));
        }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            LogOutputFailed(failed);
            return Ended(Outcome.Broken("The output was lost."));
        }
    }

    private static OutputEvent[] Ended(Outcome outcome) => [new OutputEnded(outcome)];

    private static async Task<bool> IsThereWithin(Task more, TimeSpan wait)
    {
        if (!more.IsCompleted)
        {
            await more.WaitAsync(wait).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return more.IsCompleted;
    }

    [LoggerMessage(LogLevel.Warning, "The output of a run failed.")]
    private partial void LogOutputFailed(Exception failed);
}
