using System.Buffers;
using System.Text.Json;
using Faas.Actors.UseCases;
using Faas.Http.Configuration;
using Faas.Http.Lifecycle;

namespace Faas.Http.Api.Pool;

/// <summary>
/// <c>GET /api/v1/pool/events</c>: the pool, and then each change of it, as server-sent events. Theory of operation: the pool is looked at
/// four times a second while somebody watches, and not at all otherwise; two looks are compared. So a change that is undone between two
/// looks is not told, and a busy pool costs the watcher no more than a quiet one.
/// </summary>
public sealed class PoolEventsEndpoint(InspectPool pool, HttpOptions options, RequestGate gate, TimeProvider time)
{
    private static readonly TimeSpan s_between = TimeSpan.FromMilliseconds(250);

    /// <summary>Sends events until the client leaves or the server ends.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, gate.Abandoned);
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return; // the headers are all that is asked for
        }

        using var timer = new PeriodicTimer(s_between, time);
        try
        {
            var view = await pool.ViewAsync(end.Token);
            var lastSent = time.GetTimestamp();
            await SendAsync(context, PoolChanges.First(view, time.GetUtcNow()), end.Token);
            while (await timer.WaitForNextTickAsync(end.Token))
            {
                var before = view;
                view = await pool.ViewAsync(end.Token);
                var changes = PoolChanges.Between(before, view, time.GetUtcNow());
                if (changes.Count == 0 && time.GetElapsedTime(lastSent) < options.PingInterval)
                {
                    continue;
                }

                lastSent = time.GetTimestamp();
                await SendAsync(context, changes, end.Token);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The client has left, or the server ends: the response is complete as it is.
        }
    }

    // No change is a comment, which keeps the connection alive.
    private static async Task SendAsync(HttpContext context, IReadOnlyList<PoolEvent> events, CancellationToken cancellation)
    {
        var output = context.Response.BodyWriter;
        foreach (var next in events)
        {
            output.Write("data: "u8);
            output.Write(JsonSerializer.SerializeToUtf8Bytes(next, PoolJson.Default.PoolEvent));
            output.Write("\n\n"u8);
        }

        if (events.Count == 0)
        {
            output.Write(": ping\n\n"u8);
        }

        await output.FlushAsync(cancellation);
    }
}
