using System.Text.Json;
using System.Text.Json.Serialization;

namespace Faas.Actors.Hosts;

/// <summary>The JSON array of <see cref="EgressRules"/>.</summary>
public sealed class EgressRulesConverter : JsonConverter<EgressRules>
{
    /// <inheritdoc/>
    public override EgressRules Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException($"{reader.TokenType} where an array of rules is expected.");
        }

        var texts = new List<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            texts.Add(reader.TokenType == JsonTokenType.String
                ? reader.GetString()!
                : throw new JsonException($"{reader.TokenType} where a rule is expected."));
        }

        return EgressRules.TryParse(texts, out var rules, out var wrong) ? rules : throw new JsonException(wrong);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, EgressRules value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var rule in value.Rules)
        {
            writer.WriteStringValue(rule.Text);
        }

        writer.WriteEndArray();
    }
}
