using System.Text.Json;
using System.Text.Json.Serialization;
using Faas.Actors.Hosts;

namespace Faas.Actors.Scripts;

/// <summary>
/// The secrets of a version that its scripts get sealed, and the hosts that each is bound to, in the order of their names. Immutable, and
/// equal to every other one with the same names and hosts. It is stored as a JSON object of arrays.
/// </summary>
[JsonConverter(typeof(SealedSecretsConverter))]
public sealed class SealedSecrets : IEquatable<SealedSecrets>
{
    private readonly KeyValuePair<string, EgressRules>[] _entries;

    private SealedSecrets(KeyValuePair<string, EgressRules>[] entries) =>
        (_entries, Key) = (entries, string.Join('+', entries.Select(entry => $"{entry.Key}[{entry.Value}]")));

    /// <summary>The names, and the hosts of each.</summary>
    public IReadOnlyList<KeyValuePair<string, EgressRules>> Entries => _entries;

    /// <summary>Names them in a binding key: the same names and hosts have the same key, and no others.</summary>
    public string Key { get; }

    /// <summary>These, each name of which is given once; null: none are given.</summary>
    public static SealedSecrets? Of(IEnumerable<KeyValuePair<string, EgressRules>> entries)
    {
        var ordered = entries.OrderBy(entry => entry.Key, StringComparer.Ordinal).ToArray();
        return ordered.Length == 0 ? null : new SealedSecrets(ordered);
    }

    /// <inheritdoc/>
    public bool Equals(SealedSecrets? other) => other is not null && Key == other.Key;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SealedSecrets);

    /// <inheritdoc/>
    public override int GetHashCode() => Key.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Key;
}

/// <summary>The JSON object of <see cref="SealedSecrets"/>.</summary>
public sealed class SealedSecretsConverter : JsonConverter<SealedSecrets>
{
    private static readonly EgressRulesConverter s_hosts = new();

    /// <inheritdoc/>
    public override SealedSecrets Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException($"{reader.TokenType} where hosts by the names of secrets are expected.");
        }

        var entries = new Dictionary<string, EgressRules>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = reader.GetString()!;
            reader.Read();
            if (!entries.TryAdd(name, s_hosts.Read(ref reader, typeof(EgressRules), options)))
            {
                throw new JsonException($"The secret \"{name}\" is named twice.");
            }
        }

        return SealedSecrets.Of(entries) ?? throw new JsonException("An empty object where hosts by the names of secrets are expected.");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, SealedSecrets value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (name, hosts) in value.Entries)
        {
            writer.WritePropertyName(name);
            s_hosts.Write(writer, hosts, options);
        }

        writer.WriteEndObject();
    }
}
