using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Faas.Actors.Scripts;

/// <summary>
/// Texts by name, in the order of their names: a version's environment variables, or its labels. Immutable, and equal to every other one
/// with the same names and texts. It is stored as a JSON object.
/// </summary>
[JsonConverter(typeof(NamedTextsConverter))]
public sealed class NamedTexts : IEquatable<NamedTexts>
{
    private readonly KeyValuePair<string, string>[] _entries;
    private string? _digest;

    private NamedTexts(KeyValuePair<string, string>[] entries) => _entries = entries;

    /// <summary>The names and texts, by name.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Entries => _entries;

    /// <summary>How long all names and texts are together, in bytes of UTF-8.</summary>
    public int Bytes => _entries.Sum(entry => Encoding.UTF8.GetByteCount(entry.Key) + Encoding.UTF8.GetByteCount(entry.Value));

    /// <summary>SHA-256 of the names and texts in hex: equal ones have equal digests. Nothing in it can be read back.</summary>
    public string Digest => _digest ??= Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(
        _entries.SelectMany(entry => (string[])[entry.Key, entry.Value]))));

    /// <summary>Those of the given names, each of which is given once; null: none are given.</summary>
    public static NamedTexts? Of(IEnumerable<KeyValuePair<string, string>> entries)
    {
        var ordered = entries.OrderBy(entry => entry.Key, StringComparer.Ordinal).ToArray();
        return ordered.Length == 0 ? null : new NamedTexts(ordered);
    }

    /// <inheritdoc/>
    public bool Equals(NamedTexts? other) => other is not null && _entries.SequenceEqual(other._entries);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as NamedTexts);

    /// <inheritdoc/>
    public override int GetHashCode() => Digest.GetHashCode(StringComparison.Ordinal);

    /// <summary>The names alone: what is printed for a person must not tell a value.</summary>
    public override string ToString() => string.Join(", ", _entries.Select(entry => entry.Key));
}

/// <summary>The JSON object of <see cref="NamedTexts"/>.</summary>
public sealed class NamedTextsConverter : JsonConverter<NamedTexts>
{
    /// <inheritdoc/>
    public override NamedTexts Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException($"{reader.TokenType} where texts by name are expected.");
        }

        var entries = new Dictionary<string, string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = reader.GetString()!;
            reader.Read();
            entries[name] = reader.TokenType == JsonTokenType.String
                ? reader.GetString()!
                : throw new JsonException($"{reader.TokenType} where a text is expected.");
        }

        return NamedTexts.Of(entries) ?? throw new JsonException("An empty object where texts by name are expected.");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, NamedTexts value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (name, text) in value.Entries)
        {
            writer.WriteString(name, text);
        }

        writer.WriteEndObject();
    }
}
