using System.Text.Json;
using System.Text.Json.Serialization;

namespace Faas.Actors.Scripts;

/// <summary>
/// The names of the secrets that a version's runs get, in ordinal order. Immutable, and equal to every other one with the same names. It is
/// stored as a JSON array.
/// </summary>
[JsonConverter(typeof(SecretNamesConverter))]
public sealed class SecretNames : IEquatable<SecretNames>
{
    private readonly string[] _names;

    private SecretNames(string[] names) => (_names, Key) = (names, string.Join('+', names));

    /// <summary>The names.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>Names them in a binding key: the same names have the same key, and no others.</summary>
    public string Key { get; }

    /// <summary>These names, each once; null: none are given.</summary>
    public static SecretNames? Of(IEnumerable<string> names)
    {
        string[] ordered = [.. names.Distinct().Order(StringComparer.Ordinal)];
        return ordered.Length == 0 ? null : new SecretNames(ordered);
    }

    /// <inheritdoc/>
    public bool Equals(SecretNames? other) => other is not null && Key == other.Key;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SecretNames);

    /// <inheritdoc/>
    public override int GetHashCode() => Key.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Key;
}

/// <summary>The JSON array of <see cref="SecretNames"/>.</summary>
public sealed class SecretNamesConverter : JsonConverter<SecretNames>
{
    /// <inheritdoc/>
    public override SecretNames Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var names = new List<string>();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException($"{reader.TokenType} where names of secrets are expected.");
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            names.Add(reader.TokenType == JsonTokenType.String
                ? reader.GetString()!
                : throw new JsonException($"{reader.TokenType} where the name of a secret is expected."));
        }

        return SecretNames.Of(names) ?? throw new JsonException("An empty array where names of secrets are expected.");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, SecretNames value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var name in value.Names)
        {
            writer.WriteStringValue(name);
        }

        writer.WriteEndArray();
    }
}
