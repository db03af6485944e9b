using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Faas.Http.Access;
using Faas.Http.Configuration;
using Faas.Http.Lifecycle;
using Faas.Http.Wire;
using Faas.Http.Wire.Events;
using Faas.Http.Wire.Problems;

namespace Faas.Http.Api.Live;

/// <summary>
/// Sends the changes of something as server-sent events until the client leaves, its key no longer opens the route, or the server ends.
/// Theory of operation: the thing is looked at four times a second while somebody watches, and not at all otherwise. The next look comes
/// after what was seen at the last one was taken by the client, so a client that reads slowly is told less often, and nothing is kept for
/// it. Before each look the key is checked as if the request came now; a refusal is the last event. After a silence a comment says that the
/// connection is whole.
/// </summary>
public sealed class LiveEvents(HttpOptions options, HttpMeters meters, RequestGate gate, StillAdmitted admission, TimeProvider time)
{
    private static readonly TimeSpan s_between = TimeSpan.FromMilliseconds(250);

    /// <summary>Sends them.</summary>
    /// <param name="context">The request.</param>
    /// <param name="type">How an event is written.</param>
    /// <param name="look">What there is to tell now; the first time, everything.</param>
    public Task SendAsync<T>(
        HttpContext context, JsonTypeInfo<T> type, Func<CancellationToken, ValueTask<IReadOnlyList<LiveEvent<T>>>> look) =>
        SendAsync(context, async (stream, cancellation) =>
        {
            var events = await look(cancellation);
            Write(stream, type, events);
            return events.Count == 0 ? LiveLook.Nothing : LiveLook.Something;
        });

    /// <summary>Sends what looks write.</summary>
    /// <param name="context">The request.</param>
    /// <param name="look">Writes what there is to tell now, and says what it was.</param>
    public async Task SendAsync(HttpContext context, Func<EventStream, CancellationToken, ValueTask<LiveLook>> look)
    {
        var stream = new EventStream(context, options, meters);
        stream.Begin();
        context.Response.SetPing(options.PingInterval);
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return; // the headers are all that is asked for
        }

        // The client waits for the headers, and the first change may be long in coming.
        if (!await stream.FlushAsync())
        {
            return;
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, gate.Abandoned);
        using var timer = new PeriodicTimer(s_between, time);
        try
        {
            var lastSent = time.GetTimestamp();
            LiveLook seen;
            do
            {
                if (admission.Check(context) is { } refusal)
                {
                    await RefuseAsync(context, stream, refusal);
                    return;
                }

                seen = await look(stream, end.Token);
                if (seen == LiveLook.Nothing)
                {
                    if (time.GetElapsedTime(lastSent) < options.PingInterval)
                    {
                        continue;
                    }

                    EventFrames.Ping(stream.Output); // a comment, which keeps the connection alive
                }

                lastSent = time.GetTimestamp();
                if (!await stream.FlushAsync())
                {
                    return;
                }
            }
            while (seen != LiveLook.End && (seen == LiveLook.More || await timer.WaitForNextTickAsync(end.Token)));
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The client has left, or the server ends: the response is complete as it is.
        }
    }

    private static ValueTask<bool> RefuseAsync(HttpContext context, EventStream stream, Problem refusal)
    {
        CallRecord.Of(context).Reason = refusal.Reason;
        EventFrames.BeginNamed(stream.Output, "refused"u8);
        stream.Output.Write(ProblemWriter.Json(context, refusal).Span);
        EventFrames.End(stream.Output);
        return stream.FlushAsync();
    }

    private static void Write<T>(EventStream stream, JsonTypeInfo<T> type, IReadOnlyList<LiveEvent<T>> events)
    {
        foreach (var (value, id) in events)
        {
            EventFrames.Begin(stream.Output, id.Span);
            JsonText.WriteOnOneLine(stream.Output, JsonSerializer.SerializeToUtf8Bytes(value, type));
            EventFrames.End(stream.Output);
        }
    }
}

/// <summary>One event.</summary>
/// <param name="Value">Its data.</param>
/// <param name="Id">Its id in ASCII; empty: it has none.</param>
public sealed record LiveEvent<T>(T Value, ReadOnlyMemory<byte> Id = default);

/// <summary>What a look has found.</summary>
public enum LiveLook
{
    /// <summary>No change.</summary>
    Nothing,

    /// <summary>All that there is now.</summary>
    Something,

    /// <summary>A part of it; the next look comes at once.</summary>
    More,

    /// <summary>The last that there ever is.</summary>
    End,
}
