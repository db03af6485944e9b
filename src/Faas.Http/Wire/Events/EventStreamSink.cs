using Faas.Actors.Runs.Output;
using Faas.Actors.UseCases;
using Faas.Http.Configuration;
using Faas.Http.Lifecycle;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Faas.Http.Wire.Events;

/// <summary>
/// Sends a run's output to its client as server-sent events. Theory of operation: what is taken at one time goes out as one
/// write, and a write that waits for the client keeps its caller waiting, so the script stalls at its own next write. A
/// client that leaves, or does not read for <c>stalled-write-timeout</c>, is reported as gone.
/// </summary>
public sealed class EventStreamSink(HttpContext context, HttpOptions options, RequestGate gate, HttpMeters meters) : IRunSink
{
    private readonly CallRecord _record = CallRecord.Of(context);
    private readonly ServerSentEvents _events = new(context.Response.BodyWriter);

    /// <inheritdoc />
    public TimeSpan IdleAfter => options.PingInterval;

    /// <inheritdoc />
    public CancellationToken Closing => gate.Abandoned;

    /// <inheritdoc />
    public ValueTask<bool> StartAsync(RunStarted started)
    {
        // Kestrel's minimum rate would end a client that reads slowly on purpose; the stalled-write timeout is ours.
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }

        if (started.Version is { } version)
        {
            context.Response.SetVersion(version);
        }

        context.Response.SetStart(started.Warmth);
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        return FlushAsync();
    }

    /// <inheritdoc />
    public ValueTask<bool> WriteAsync(IReadOnlyList<OutputEvent> events)
    {
        foreach (var next in events)
        {
            switch (next)
            {
                case OutputLine line:
                    _events.Log(line);
                    break;
                case OutputEnded end:
                    _events.End(end.Outcome);
                    break;
            }
        }

        return FlushAsync();
    }

    /// <inheritdoc />
    public ValueTask<bool> IdleAsync()
    {
        _events.Ping();
        return FlushAsync();
    }

    private async ValueTask<bool> FlushAsync()
    {
        var bytes = context.Response.BodyWriter.UnflushedBytes;
        _record.OutputBytes += bytes;
        meters.Streamed(bytes);
        var flush = context.Response.BodyWriter.FlushAsync(CancellationToken.None);
        if (!flush.IsCompletedSuccessfully)
        {
            Task waiting = flush.AsTask();
            await waiting.WaitAsync(options.StalledWriteTimeout, context.RequestAborted)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!waiting.IsCompletedSuccessfully)
            {
                context.Abort();
                return false;
            }
        }

        return !context.RequestAborted.IsCancellationRequested;
    }
}
