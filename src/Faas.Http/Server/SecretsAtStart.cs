using Akka.Hosting;
using Faas.Actors.Secrets;
using Faas.Actors.Storage.Redis;
using Faas.Http.Configuration;

namespace Faas.Http.Server;

/// <summary>
/// Has the secrets read before the server listens, so that no call lacks one after a start, and says in the log which of them cannot be
/// decrypted. Throws <see cref="StoreStartException"/>. A server without secrets reads no key file.
/// </summary>
public sealed partial class SecretsAtStart(
    IRequiredActor<SecretsActor> actor, LiveSecrets secrets, SecretKeyFile keys, FaasOptions options, ILogger<SecretsAtStart> log)
    : IHostedService
{
    /// <inheritdoc />
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await StatesAtStart.WaitAsync<SecretsKnown>(
            options, "secrets", actor.ActorRef, GetSecrets.Instance, secrets.IsKnown, cancellationToken);

        if (!secrets.ByName.IsEmpty)
        {
            CheckKeys();
        }
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void CheckKeys()
    {
        try
        {
            string[] lost = [.. secrets.ByName.Values.Where(secret => keys.Find(secret.KeyId) is null).Select(secret => secret.Name)];
            if (lost.Length > 0)
            {
                LogLost(keys.Path, lost.Length, string.Join(", ", lost.Take(10)));
            }

            if (keys.IsOpenToAll)
            {
                LogOpen(keys.Path);
            }
        }
        catch (SecretKeyException none)
        {
            LogNoKeys(none.Message, secrets.ByName.Count);
        }
    }

    [LoggerMessage(
        LogLevel.Error,
        "The key file {File} does not have the keys of {Count} secrets ({Names}); calls of versions that list them are refused.")]
    private partial void LogLost(string file, int count, string names);

    [LoggerMessage(LogLevel.Error, "{Why} The {Count} secrets cannot be decrypted, and calls of versions that list them are refused.")]
    private partial void LogNoKeys(string why, int count);

    [LoggerMessage(LogLevel.Warning, "Every user of this machine can read the key file {File}; chmod 600 would keep it.")]
    private partial void LogOpen(string file);
}
