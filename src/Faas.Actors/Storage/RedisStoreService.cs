using Faas.Actors.Storage.Embedded;
using Faas.Actors.Storage.Redis;
using Microsoft.Extensions.Hosting;

namespace Faas.Actors.Storage;

/// <summary>
/// Brings the store up before anything else of the host starts, and takes it down after everything else has stopped,
/// whichever order the services were registered in. A start that fails throws <see cref="StoreStartException"/>.
/// </summary>
internal sealed class RedisStoreService(
    RedisConnection connection, RedisReport report, EmbeddedRedis? embedded, StoreLease? lease) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (embedded is not null)
        {
            await embedded.StartAsync(cancellationToken);
        }

        await connection.WaitUntilReachableAsync(cancellationToken);
        var truth = await connection.AskAtStartAsync(() => report.AskAsync(cancellationToken), cancellationToken);
        if (truth.Refusal is { } refusal)
        {
            throw new StoreStartException($"{connection.Name} {refusal}.") { MayPass = truth.MayPass };
        }

        if (lease is not null)
        {
            await lease.TakeAsync(cancellationToken);
        }
    }

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        if (lease is not null)
        {
            await lease.ReleaseAsync();
        }

        await connection.DisposeAsync();
        if (embedded is not null)
        {
            await embedded.StopAsync();
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
