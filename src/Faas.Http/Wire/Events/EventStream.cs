using System.Threading.Channels;
using Akka;
using Akka.Streams;
using Akka.Streams.Dsl;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Output;
using Faas.Http.Configuration;
using Faas.Http.Lifecycle;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Faas.Http.Wire.Events;

/// <summary>
/// Sends a running run's output as server-sent events. Theory of operation: the source gives what could be read
/// at one time, of bounded size, which goes out as one write. It is pulled only as fast as the connection takes bytes;
/// when a write waits the source is not pulled, and the script stalls at its next write. Nothing is buffered here.
/// The stream ends in a channel, not in Akka's queue: that one keeps its actor until somebody has pulled past the end.
/// Whoever ends first ends the other: a client that leaves, or does not read for <c>stalled-write-timeout</c>, cancels
/// the source; an ended source ends the response.
/// </summary>
public sealed partial class EventStream(IMaterializer materializer, FaasOptions options, RequestGate gate, ILogger<EventStream> log)
{
    /// <summary>Answers the request with the stream; returns when it is over: true, when the client has taken all of it.</summary>
    public async Task<bool> SendAsync(HttpContext context, Source<IReadOnlyList<OutputEvent>, NotUsed> output)
    {
        Begin(context);
        var (stop, batches) = output
            .ViaMaterialized(KillSwitches.Single<IReadOnlyList<OutputEvent>>(), Keep.Right)
            .ToMaterialized(ChannelSink.AsReader<IReadOnlyList<OutputEvent>>(1, true), Keep.Both)
            .Run(materializer);
        using var clientLeft = context.RequestAborted.UnsafeRegister(_ => stop.Shutdown(), null);
        using var serverStops = gate.Abandoned.UnsafeRegister(_ => stop.Shutdown(), null);
        try
        {
            return await PumpAsync(context, batches);
        }
        finally
        {
            stop.Shutdown();
        }
    }

    /// <summary>Answers with a stream of the last event alone, for a run that was over before it could stream.</summary>
    public Task<bool> SendAsync(HttpContext context, Outcome outcome) =>
        SendAsync(context, Source.Single<IReadOnlyList<OutputEvent>>([new OutputEnded(outcome)]));

    private static void Begin(HttpContext context)
    {
        // Kestrel's minimum rate would end a client that reads slowly on purpose; the stalled-write timeout is ours.
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }

        context.Response.ContentType = "text/event-stream";
        context.Response.Headers["X-Accel-Buffering"] = "no";
    }

    private async Task<bool> PumpAsync(HttpContext context, ChannelReader<IReadOnlyList<OutputEvent>> batches)
    {
        var events = new ServerSentEvents(context.Response.BodyWriter);
        var ended = false;
        while (await FlushAsync(context))
        {
            if (ended)
            {
                return true;
            }

            var more = batches.WaitToReadAsync().AsTask();
            while (!await IsThereWithin(more, options.Http.PingInterval))
            {
                events.Ping();
                if (!await FlushAsync(context))
                {
                    return false;
                }
            }

            ended = Write(events, await ReceivedAsync(batches, more));
        }

        return false;
    }

    private static bool Write(ServerSentEvents events, IReadOnlyList<OutputEvent> batch)
    {
        foreach (var next in batch)
        {
            switch (next)
            {
                case OutputLine line:
                    events.Log(line);
                    break;
                case OutputEnded end:
                    events.End(end.Outcome);
                    return true;
            }
        }

        return false;
    }

    private async Task<IReadOnlyList<OutputEvent>> ReceivedAsync(ChannelReader<IReadOnlyList<OutputEvent>> batches, Task<bool> more)
    {
        try
        {
            return await more && batches.TryRead(out var batch) ? batch
                : gate.Abandoned.IsCancellationRequested ? [new OutputEnded(new Outcome(Reason.Cancelled) { Detail = "The server is stopping." })]
                : [new OutputEnded(Outcome.Broken("The output ended without an outcome."))];
        }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            LogOutputFailed(failed);
            return [new OutputEnded(Outcome.Broken("The output was lost."))];
        }
    }

    private static async Task<bool> IsThereWithin(Task more, TimeSpan wait)
    {
        if (!more.IsCompleted)
        {
            await more.WaitAsync(wait).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return more.IsCompleted;
    }

    // False: nobody reads any more.
    private async Task<bool> FlushAsync(HttpContext context)
    {
        var flush = context.Response.BodyWriter.FlushAsync(CancellationToken.None);
        if (!flush.IsCompletedSuccessfully)
        {
            Task waiting = flush.AsTask();
            await waiting.WaitAsync(options.Http.StalledWriteTimeout, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!waiting.IsCompletedSuccessfully)
            {
                context.Abort();
                return false;
            }
        }

        return !context.RequestAborted.IsCancellationRequested;
    }

    [LoggerMessage(LogLevel.Warning, "The output of an invocation failed.")]
    private partial void LogOutputFailed(Exception failed);
}
