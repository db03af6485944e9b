using System.Collections.Immutable;
using Faas.Actors.Configuration;

namespace Faas.Http.Access;

/// <summary>Every key that the server knows.</summary>
/// <param name="Keys">No two have the same name or the same secret.</param>
public sealed record KeyRing(ImmutableArray<ApiKey> Keys)
{
    /// <summary>Most keys of one server: each is compared for each call.</summary>
    public const int MaxKeys = 1000;

    /// <summary>No key: every client that reaches the server may do everything.</summary>
    public static KeyRing Empty { get; } = new([]);

    /// <summary>
    /// Whether these are all keys; false: those that calls have made are not known to this node of a cluster, which has lost the others.
    /// </summary>
    public bool IsWhole { get; init; } = true;

    /// <summary>Whether there is no key.</summary>
    public bool IsEmpty => Keys.IsEmpty;

    /// <summary>
    /// Reads the entries of a setting; throws <see cref="SettingException"/>, which names the entry by its place and never quotes it.
    /// </summary>
    public static KeyRing Parse(string setting, IReadOnlyList<string> entries)
    {
        if (entries.Count > MaxKeys)
        {
            throw new SettingException(setting, $"{entries.Count} keys", $"at most {MaxKeys}");
        }

        var keys = ImmutableArray.CreateBuilder<ApiKey>(entries.Count);
        foreach (var entry in entries)
        {
            var place = $"key {keys.Count + 1} of {entries.Count}, not shown";
            try
            {
                var key = ApiKey.Parse(entry);
                if (keys.FirstOrDefault(earlier => earlier.Name == key.Name || earlier.Hash.Equals(key.Hash)) is { } twin)
                {
                    throw new FormatException(
                        $"a name and a secret that no other key has; key {keys.IndexOf(twin) + 1} has the same "
                        + (twin.Name == key.Name ? "name" : "secret"));
                }

                keys.Add(key);
            }
            catch (FormatException wrong)
            {
                throw new SettingException(setting, place, wrong.Message);
            }
        }

        return new KeyRing(keys.MoveToImmutable());
    }

    /// <summary>
    /// The key with this secret; null: none. Compares with every key, each in constant time, so that the time tells
    /// neither how close a guess came nor which key it was.
    /// </summary>
    public ApiKey? Find(string secret)
    {
        if (SecretHash.Of(secret) is not { } hash)
        {
            return null;
        }

        ApiKey? found = null;
        foreach (var key in Keys)
        {
            found = key.Hash.Equals(hash) ? key : found;
        }

        return found;
    }

    /// <inheritdoc />
    public bool Equals(KeyRing? other) => other is not null && Keys.AsSpan().SequenceEqual(other.Keys.AsSpan());

    /// <inheritdoc />
    public override int GetHashCode() => Keys.Length;
}
