using System.Text;
using Akka.Actor;
using Akka.Hosting;
using Faas.Actors.Secrets;

namespace Faas.Actors.UseCases;

/// <summary>Writes and deletes secrets, and encrypts them with another key. A value goes in and never comes out.</summary>
public sealed class ChangeSecrets(
    IRequiredActor<SecretsActor> actor,
    LiveSecrets secrets,
    SecretKeyFile keys,
    SecretSupply supply,
    SecretOptions limits,
    UseCaseOptions options,
    TimeProvider time)
{
    /// <summary>Makes a secret, or replaces its value; it is durable and in force then.</summary>
    /// <param name="name">The secret.</param>
    /// <param name="value">The value.</param>
    /// <param name="paths">The prefixes of the scripts that may use it; empty: every script.</param>
    /// <param name="cancellation">Cancelled when the caller leaves.</param>
    public async Task<OrRefusal<SecretStored>> WriteAsync(
        string name, string value, IReadOnlyList<string> paths, CancellationToken cancellation)
    {
        if (secrets.Current is null)
        {
            return SecretSupply.NotKnown;
        }

        StoredSecret secret;
        try
        {
            // A new file would hide that the keys of the others are lost.
            var key = keys.Newest(mayCreate: secrets.ByName.IsEmpty);
            var now = time.GetUtcNow();
            secret = new StoredSecret(name, key.Id, key.Seal(name, Encoding.UTF8.GetBytes(value)), paths, now, now);
        }
        catch (SecretKeyException none)
        {
            return Refusal.Store(none.Message);
        }

        return await AskAsync(new WriteSecret(secret, limits.Most), cancellation) switch
        {
            SecretStored stored => stored,
            SecretNotStored refused => Refusal.Conflict(refused.Why),
            SecretStoreFailed failed => Refusal.Store(failed.Detail),
            var other => throw Unexpected(other),
        };
    }

    /// <summary>Deletes a secret; null once no run gets it any more.</summary>
    public async Task<Refusal?> DeleteAsync(string name, CancellationToken cancellation) =>
        await AskAsync(new DeleteSecret(name, time.GetUtcNow()), cancellation) switch
        {
            SecretEnded => null,
            SecretUnknown => Refusal.NoSecret(name),
            SecretStoreFailed failed => Refusal.Store(failed.Detail),
            var other => throw Unexpected(other),
        };

    /// <summary>Encrypts every secret with the newest key that has another one's encryption.</summary>
    /// <param name="withNewKey">Whether a key is made first; else the first one of the file is the newest.</param>
    /// <param name="cancellation">Cancelled when the caller leaves; what is encrypted anew stays so, and a second call goes on.</param>
    public async Task<OrRefusal<SecretRotation>> RotateAsync(bool withNewKey, CancellationToken cancellation)
    {
        if (secrets.Current is null)
        {
            return SecretSupply.NotKnown;
        }

        SecretKey newest;
        try
        {
            newest = withNewKey && (keys.Exists || !secrets.ByName.IsEmpty) ? keys.AddKey()
                : withNewKey ? keys.Newest(mayCreate: true)
                : keys.Reread()[0];
        }
        catch (SecretKeyException none)
        {
            return Refusal.Store(none.Message);
        }

        var encrypted = 0;
        var lost = new List<string>();
        foreach (var secret in secrets.ByName.Values.Where(secret => secret.KeyId != newest.Id))
        {
            if (supply.Open(secret) is not { } value)
            {
                lost.Add(secret.Name);
                continue;
            }

            switch (await AskAsync(new ResealSecret(secret, newest.Id, newest.Seal(secret.Name, value)), cancellation))
            {
                case SecretStored:
                    encrypted++;
                    break;
                case SecretUnknown:
                    break; // it was replaced or deleted meanwhile
                case SecretStoreFailed failed:
                    return Refusal.Store(failed.Detail);
                case var other:
                    throw Unexpected(other);
            }
        }

        return new SecretRotation(newest.Id, encrypted, lost);
    }

    private async Task<ISecretReply> AskAsync(ISecretRequest request, CancellationToken cancellation)
    {
        try
        {
            return await actor.ActorRef.Ask<ISecretReply>(request, options.SettingPatience, cancellation);
        }
        catch (AskTimeoutException)
        {
            return new SecretStoreFailed("The store did not answer in time.");
        }
    }

    private static InvalidOperationException Unexpected(ISecretReply reply) =>
        new($"The secrets' actor replied with {reply.GetType().Name}.");
}

/// <summary>What came of a rotation.</summary>
/// <param name="KeyId">The key that encrypts from now on.</param>
/// <param name="Encrypted">How many secrets were encrypted with it.</param>
/// <param name="Lost">The secrets that no key of the file decrypts.</param>
public sealed record SecretRotation(string KeyId, int Encrypted, IReadOnlyList<string> Lost);
