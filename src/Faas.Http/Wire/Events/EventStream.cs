using System.IO.Pipelines;
using Faas.Http.Configuration;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Faas.Http.Wire.Events;

/// <summary>
/// An answer that is an event stream. Theory of operation: a write that waits for the client keeps its caller waiting, so nothing piles
/// up in
/// memory. A client that leaves, or does not read for <c>stalled-write-timeout</c>, is reported as gone.
/// </summary>
public sealed class EventStream(HttpContext context, HttpOptions options, HttpMeters meters)
{
    private readonly CallRecord _record = CallRecord.Of(context);

    /// <summary>Where events are written; <see cref="FlushAsync"/> sends them.</summary>
    public PipeWriter Output => context.Response.BodyWriter;

    /// <summary>Sets the headers.</summary>
    public void Begin()
    {
        // Kestrel's minimum rate would end a client that reads slowly on purpose; the stalled-write timeout is ours.
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }

        context.Response.ContentType = "text/event-stream";
        context.Response.Headers["X-Accel-Buffering"] = "no";
    }

    /// <summary>Sends what was written. False: the client is gone.</summary>
    public async ValueTask<bool> FlushAsync()
    {
        var bytes = Output.UnflushedBytes;
        _record.OutputBytes += bytes;
        meters.Streamed(bytes);
        var flush = Output.FlushAsync(CancellationToken.None);
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
