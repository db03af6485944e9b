using Akka.Actor;
using Akka.Hosting;
using Faas.Actors.Keys;
using Faas.Actors.Lending;
using Faas.Actors.Storage.Redis;
using Faas.Http.Configuration;

namespace Faas.Http.Server;

/// <summary>
/// Has the keys that calls have made read before the server listens, so that none of them is refused after a start. Throws
/// <see cref="StoreStartException"/>.
/// </summary>
public sealed class KeysAtStart(IRequiredActor<KeysActor> keys, LiveKeys live, FaasOptions options) : IHostedService
{
    /// <inheritdoc />
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var patience = (2 * options.Store.Timeout) + (options.Cluster.Enabled ? LoanBook.Long : TimeSpan.Zero);
        try
        {
            if (!options.Cluster.Enabled)
            {
                await keys.ActorRef.Ask<KeysKnown>(GetKeys.Instance, patience, cancellationToken);
            }

            await live.IsKnown.WaitAsync(patience, cancellationToken);
        }
        catch (Exception silent) when (silent is AskTimeoutException or TimeoutException)
        {
            throw new StoreStartException(options.Cluster.Enabled
                ? $"No node of the cluster gave the keys within {patience.TotalSeconds} s. "
                    + "Another cluster may use the same Redis and faas.store.key-prefix."
                : $"The store did not give the keys within {patience.TotalSeconds} s.");
        }
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
