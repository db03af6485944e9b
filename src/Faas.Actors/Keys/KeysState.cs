using System.Collections.Immutable;

namespace Faas.Actors.Keys;

/// <summary>The keys that were made by calls. Pure: the time comes with the command.</summary>
/// <param name="Keys">By name.</param>
public sealed record KeysState(ImmutableSortedDictionary<string, StoredKey> Keys)
{
    /// <summary>Most keys: each is compared for each call.</summary>
    public const int MaxKeys = 1000;

    /// <summary>No key.</summary>
    public static KeysState Empty { get; } = new(ImmutableSortedDictionary.Create<string, StoredKey>(StringComparer.Ordinal));

    /// <summary>The state that has these keys.</summary>
    public static KeysState Of(IEnumerable<StoredKey> all) =>
        new(Empty.Keys.SetItems(all.Select(one => KeyValuePair.Create(one.Name, one))));

    /// <summary>The event that the command leads to, or why there is none.</summary>
    public (KeyCreated? Event, KeyNotCreated? Refusal) Decide(CreateKey command) =>
        Keys.ContainsKey(command.Key.Name) ? (null, new KeyNotCreated($"There is a key \"{command.Key.Name}\" already."))
        : Keys.Count >= MaxKeys ? (null, new KeyNotCreated($"There are {Keys.Count} keys; revoke one before another is made."))
        : (new KeyCreated(command.Key), null);

    /// <summary>The event that the command leads to; null: there is no such key.</summary>
    public KeyRevoked? Decide(RevokeKey command) =>
        Keys.ContainsKey(command.Name) ? new KeyRevoked(command.Name, command.At) : null;

    /// <summary>The keys after the event.</summary>
    public KeysState Apply(KeyCreated created) => new(Keys.SetItem(created.Key.Name, created.Key));

    /// <summary>The keys after the event.</summary>
    public KeysState Apply(KeyRevoked revoked) => new(Keys.Remove(revoked.Name));
}
