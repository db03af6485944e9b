using System.Text.Json;
using System.Text.Json.Serialization;

namespace Faas.Actors.Scripts;

/// <summary>
/// The libraries that an upload names beside those that the source declares: names with versions, in the words of the language's own
/// installer (<c>lodash@^4</c>, <c>requests&gt;=2</c>), in ordinal order. Immutable, and equal to every other one with the same texts. It
/// is stored as a JSON array.
/// </summary>
[JsonConverter(typeof(DependenciesConverter))]
public sealed class Dependencies : IEquatable<Dependencies>
{
    private readonly string[] _texts;

    private Dependencies(string[] texts) => _texts = texts;

    /// <summary>The texts.</summary>
    public IReadOnlyList<string> Texts => _texts;

    /// <summary>These texts, each once; null: none are given.</summary>
    public static Dependencies? Of(IEnumerable<string> texts)
    {
        string[] ordered = [.. texts.Distinct().Order(StringComparer.Ordinal)];
        return ordered.Length == 0 ? null : new Dependencies(ordered);
    }

    /// <inheritdoc/>
    public bool Equals(Dependencies? other) => other is not null && _texts.SequenceEqual(other._texts);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Dependencies);

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => string.Join('\n', _texts);
}

/// <summary>The JSON array of <see cref="Dependencies"/>.</summary>
public sealed class DependenciesConverter : JsonConverter<Dependencies>
{
    /// <inheritdoc/>
    public override Dependencies Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var texts = new List<string>();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException($"{reader.TokenType} where libraries are expected.");
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            texts.Add(reader.TokenType == JsonTokenType.String
                ? reader.GetString()!
                : throw new JsonException($"{reader.TokenType} where a library is expected."));
        }

        return Dependencies.Of(texts) ?? throw new JsonException("An empty array where libraries are expected.");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Dependencies value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var text in value.Texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }
}
