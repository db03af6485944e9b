using System.Collections.Immutable;

namespace Faas.Actors.Secrets;

/// <summary>The secrets, encrypted. Pure: the time comes with the command.</summary>
/// <param name="Secrets">By name.</param>
public sealed record SecretsState(ImmutableSortedDictionary<string, StoredSecret> Secrets)
{
    /// <summary>No secret.</summary>
    public static SecretsState Empty { get; } =
        new(ImmutableSortedDictionary.Create<string, StoredSecret>(StringComparer.Ordinal));

    /// <summary>The state that has these secrets.</summary>
    public static SecretsState Of(IEnumerable<StoredSecret> all) =>
        new(Empty.Secrets.SetItems(all.Select(one => KeyValuePair.Create(one.Name, one))));

    /// <summary>The event that the command leads to, or why there is none.</summary>
    public (SecretWritten? Event, SecretNotStored? Refusal) Decide(WriteSecret command)
    {
        if (Secrets.TryGetValue(command.Secret.Name, out var known))
        {
            return (new SecretWritten(command.Secret with { CreatedAt = known.CreatedAt }), null);
        }

        return Secrets.Count >= command.Most
            ? (null, new SecretNotStored($"There are {Secrets.Count} secrets; allowed are {command.Most} (faas.secrets.max)."))
            : (new SecretWritten(command.Secret), null);
    }

    /// <summary>The event that the command leads to; null: the secret is not what was encrypted anew.</summary>
    public SecretWritten? Decide(ResealSecret command) =>
        Secrets.TryGetValue(command.Before.Name, out var known) && known.Sealed == command.Before.Sealed
            ? new SecretWritten(known with { KeyId = command.KeyId, Sealed = command.Sealed })
            : null;

    /// <summary>The event that the command leads to; null: there is no such secret.</summary>
    public SecretDeleted? Decide(DeleteSecret command) =>
        Secrets.ContainsKey(command.Name) ? new SecretDeleted(command.Name, command.At) : null;

    /// <summary>The secrets after the event.</summary>
    public SecretsState Apply(SecretWritten written) => new(Secrets.SetItem(written.Secret.Name, written.Secret));

    /// <summary>The secrets after the event.</summary>
    public SecretsState Apply(SecretDeleted deleted) => new(Secrets.Remove(deleted.Name));
}
