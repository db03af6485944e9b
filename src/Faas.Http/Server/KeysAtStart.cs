using Akka.Hosting;
using Faas.Actors.Keys;
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
    public Task StartAsync(CancellationToken cancellationToken) =>
        StatesAtStart.WaitAsync<KeysKnown>(options, "keys", keys.ActorRef, GetKeys.Instance, live.IsKnown, cancellationToken);

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
