using Faas.Actors.Libraries.Layers;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Code;

namespace Faas.Http.Server;

/// <summary>Removes the layers of libraries that no version needs, at the start and every hour.</summary>
public sealed partial class LayerWatch(
    LayerCollection collection, ICodeStore codes, TimeProvider time, ILogger<LayerWatch> log) : BackgroundService
{
    private static readonly TimeSpan s_between = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_between, time);
        try
        {
            do
            {
                await CollectAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops, or its start was ended, which the host would report as a failure of this service.
        }
    }

    private async Task CollectAsync(CancellationToken cancellation)
    {
        try
        {
            var removed = await collection.CollectAsync(hash => codes.HasAsync(hash, cancellation));
            if (removed.Count > 0)
            {
                LogCollected(removed.Count);
            }
        }
        catch (Exception failure) when (failure is StoreException or IOException or UnauthorizedAccessException)
        {
            LogNotCollected(failure.Message);
        }
    }

    [LoggerMessage(LogLevel.Information, "The layers of libraries that no version needs were removed: {Count}.")]
    private partial void LogCollected(int count);

    [LoggerMessage(LogLevel.Warning, "Layers of libraries that no version needs may be left: {Why}")]
    private partial void LogNotCollected(string why);
}
