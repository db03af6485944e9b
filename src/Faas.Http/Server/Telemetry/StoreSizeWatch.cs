using Faas.Actors.Scripts;
using Faas.Actors.Telemetry;

namespace Faas.Http.Server.Telemetry;

/// <summary>
/// Asks the store every half minute how much it holds, for <c>/metrics</c>. While the store does not answer, its size is not shown.
/// </summary>
public sealed class StoreSizeWatch(IStoreReport store, StoreMeters meters, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan s_between = TimeSpan.FromSeconds(30);

    private volatile StoreSize? _size;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        meters.Watch(() => _size);
        using var timer = new PeriodicTimer(s_between, time);
        try
        {
            do
            {
                _size = await SizeAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops, or its start was ended, which the host would report as a failure of this service.
        }
    }

    private async Task<StoreSize?> SizeAsync(CancellationToken cancellation)
    {
        try
        {
            return await store.SizeAsync(cancellation);
        }
        catch (StoreException)
        {
            return null;
        }
    }
}
