using Faas.Actors.Runs;
using Faas.Actors.Runs.Reply;
using Faas.Actors.Scripts;
using Faas.Actors.Secrets;

namespace Faas.Actors.UseCases;

/// <summary>
/// Gives a run the secrets that its version lists: decrypted for this run alone, so the next call has the value that was stored last. It
/// asks neither the store nor an actor.
/// </summary>
public sealed class SecretSupply(LiveSecrets secrets, SecretKeyFile keys)
{
    /// <summary>What is wrong with the secrets of a version that is to be stored, as half a sentence; null: nothing.</summary>
    /// <param name="path">The script.</param>
    /// <param name="names">The secrets; null: none.</param>
    public string? Check(string path, SecretNames? names) =>
        names?.Names.Select(name => Missing(path, name)).FirstOrDefault(wrong => wrong is not null);

    /// <summary>The run with its secrets, or why it cannot have them.</summary>
    public OrRefusal<Run> Supply(string path, Run run)
    {
        if (run.Settings?.Secrets is not { } listed)
        {
            return run;
        }

        var values = new List<KeyValuePair<string, byte[]>>(listed.Names.Count);
        foreach (var name in listed.Names)
        {
            if (Missing(path, name) is { } missing)
            {
                return new Refusal(RefusalReason.Secret, $"Version {run.Version} of the script \"{path}\" lists {missing}.");
            }

            if (secrets.ByName.GetValueOrDefault(name) is not { } stored || Open(stored) is not { } value)
            {
                return Refusal.Store($"The secret \"{name}\" cannot be decrypted: the server's key file does not have its key.");
            }

            values.Add(new(name, value));
        }

        return run with { Secrets = new RunSecrets(values, run.Settings.SecretsInEnv) };
    }

    /// <summary>The value of a secret in UTF-8; null: the keys that are there do not decrypt it.</summary>
    internal byte[]? Open(StoredSecret secret)
    {
        try
        {
            return keys.Find(secret.KeyId)?.Open(secret.Name, secret.Sealed);
        }
        catch (SecretKeyException)
        {
            return null; // the start, and every call that writes a secret, say why
        }
    }

    private string? Missing(string path, string name) => secrets.ByName.GetValueOrDefault(name) is not { } secret
        ? $"the secret \"{name}\", which does not exist"
        : !secret.IsFor(path) ? $"the secret \"{name}\", which is not for this script" : null;
}
