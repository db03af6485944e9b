using Faas.Actors.Scripts;
using Faas.Actors.Storage.Redis;
using Faas.Http.Access;

namespace Faas.Http.Server;

/// <summary>Counts in Redis. While that does not answer, no caller waits for it for longer than <see cref="s_patience"/>.</summary>
internal sealed class SharedRates(RedisRates rates) : ISharedRates
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(500);

    /// <inheritdoc/>
    public async ValueTask<TimeSpan?> CountAsync(string caller, RateLimit limit, CancellationToken cancellation)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        late.CancelAfter(s_patience);
        try
        {
            return await rates.TakeAsync(caller, limit.RequestsPerSecond, limit.Burst, late.Token);
        }
        catch (Exception silent) when (silent is StoreException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            return null;
        }
    }
}
