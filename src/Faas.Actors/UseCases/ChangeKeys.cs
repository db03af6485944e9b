using Akka.Actor;
using Akka.Hosting;
using Faas.Actors.Keys;

namespace Faas.Actors.UseCases;

/// <summary>Makes and ends keys. <see cref="LiveKeys"/> has them.</summary>
public sealed class ChangeKeys(IRequiredActor<KeysActor> keys, UseCaseOptions options, TimeProvider time)
{
    /// <summary>Makes a key; null once it is durable and in force.</summary>
    public async Task<Refusal?> CreateAsync(StoredKey key, CancellationToken cancellation) =>
        await AskAsync(new CreateKey(key), cancellation) switch
        {
            KeyStored => null,
            KeyNotCreated refused => Refusal.Conflict(refused.Why),
            KeyStoreFailed failed => Refusal.Store(failed.Detail),
            var other => throw Unexpected(other),
        };

    /// <summary>Ends a key; null once it opens nothing any more.</summary>
    public async Task<Refusal?> RevokeAsync(string name, CancellationToken cancellation) =>
        await AskAsync(new RevokeKey(name, time.GetUtcNow()), cancellation) switch
        {
            KeyEnded => null,
            KeyUnknown => Refusal.NoKey(name),
            KeyStoreFailed failed => Refusal.Store(failed.Detail),
            var other => throw Unexpected(other),
        };

    private async Task<IKeyReply> AskAsync(IKeyRequest request, CancellationToken cancellation)
    {
        try
        {
            return await keys.ActorRef.Ask<IKeyReply>(request, options.SettingPatience, cancellation);
        }
        catch (AskTimeoutException)
        {
            return new KeyStoreFailed("The store did not answer in time.");
        }
    }

    private static InvalidOperationException Unexpected(IKeyReply reply) => new($"The keys' actor replied with {reply.GetType().Name}.");
}
