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
        do
        {
            try
            {
                _size = await store.SizeAsync(stoppingToken);
            }
            catch (StoreException)
            {
                _size = null;
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
