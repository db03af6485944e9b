using Faas.Actors.Hosts;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Reply;
using Faas.Actors.Secrets;

namespace Faas.Actors.UseCases;

/// <summary>
/// Gives a run the secrets that its version lists: decrypted for this run alone, so the next call has the value that was stored last. It
/// asks neither the store nor an actor.
/// </summary>
public sealed class SecretSupply(LiveSecrets secrets, SecretKeyFile keys)
{
    /// <summary>The refusal of what needs the secrets, on a node that does not know them.</summary>
    public static Refusal NotKnown => Refusal.Store("This node does not know the secrets, because it has lost its cluster.");

    /// <summary>What is wrong with the secrets of a version that is to be stored, as half a sentence; null: nothing.</summary>
    /// <param name="path">The script.</param>
    /// <param name="names">The names of the secrets.</param>
    public string? Check(string path, IEnumerable<string> names) =>
        names.Select(name => Missing(path, name)).FirstOrDefault(wrong => wrong is not null);

    /// <summary>What is wrong with the secrets of code that is not stored, as half a sentence; null: nothing.</summary>
    /// <param name="names">The names of the secrets.</param>
    public string? CheckOfCode(IEnumerable<string> names) => Check(Run.RunNowQueue, names);

    /// <summary>The run with its secrets, or why it cannot have them.</summary>
    /// <param name="path">The script; null: code that is not stored, which has those secrets that are for every script.</param>
    /// <param name="run">The run.</param>
    public OrRefusal<Run> Supply(string? path, Run run)
    {
        if (run.Settings is not { HasSecrets: true } settings)
        {
            return run;
        }

        if (secrets.Current is null)
        {
            return NotKnown;
        }

        var values = new List<KeyValuePair<string, byte[]>>();
        foreach (var name in settings.Secrets?.Names ?? [])
        {
            var (value, refusal) = ValueFor(path, run, name);
            if (value is null)
            {
                return refusal!;
            }

            values.Add(new(name, value));
        }

        var sealedOnes = new List<SealedSecret>();
        foreach (var (name, hosts) in settings.Sealed?.Entries ?? [])
        {
            var (value, refusal) = ValueFor(path, run, name);
            if (value is null)
            {
                return refusal!;
            }

            sealedOnes.Add(SealedSecret.Create(name, hosts, value));
        }

        return run with { Secrets = new RunSecrets(values, settings.SecretsInEnv, sealedOnes) };
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

    private (byte[]? Value, Refusal? Refusal) ValueFor(string? path, Run run, string name) =>
        Missing(path ?? Run.RunNowQueue, name) is { } missing
            ? (null, new Refusal(
                RefusalReason.Secret,
                path is null ? $"The call lists {missing}." : $"Version {run.Version} of the script \"{path}\" lists {missing}."))
        : secrets.ByName.GetValueOrDefault(name) is { } stored && Open(stored) is { } value ? (value, null)
        : (null, Refusal.Store($"The secret \"{name}\" cannot be decrypted: the server's key file does not have its key."));

    private string? Missing(string path, string name) => secrets.ByName.GetValueOrDefault(name) is not { } secret
        ? $"the secret \"{name}\", which "
            + (secrets.Current is null ? "this node does not know, because it has lost its cluster" : "does not exist")
        : !secret.IsFor(path) ? $"the secret \"{name}\", which is not for this script" : null;
}
