using Faas.Actors.Pool.Scheduler;
using Faas.Actors.UseCases;
using Faas.Http.Api.Live;

namespace Faas.Http.Api.Pool;

/// <summary>
/// <c>GET /api/v1/pool/events</c>: the pool, and then each change of it, as server-sent events. Theory of operation: two looks at the pool
/// are compared. So a change that is undone between two looks is not told, and a busy pool costs the watcher no more than a quiet one.
/// </summary>
public sealed class PoolEventsEndpoint(InspectPool pool, LiveEvents live)
{
    /// <summary>Sends events until the client leaves or the server ends.</summary>
    public Task HandleAsync(HttpContext context)
    {
        PoolView? before = null;
        return live.SendAsync(context, PoolJson.Default.PoolEvent, async cancellation =>
        {
            var view = await pool.ViewAsync(cancellation);
            var changes = before is null ? PoolChanges.First(view) : PoolChanges.Between(before, view);
            before = view;
            return [.. changes.Select(change => new LiveEvent<PoolEvent>(change))];
        });
    }
}
