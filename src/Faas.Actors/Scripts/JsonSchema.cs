using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Faas.Actors.Json;

namespace Faas.Actors.Scripts;

/// <summary>
/// A JSON schema of an object, as its author wrote it but for the white space between tokens. Immutable, and equal to every other one
/// with the same text. Nothing is validated by it here: clients read it, and call the script with what it describes.
/// </summary>
/// <param name="Text">The schema, as a JSON object.</param>
[JsonConverter(typeof(JsonSchemaConverter))]
public sealed record JsonSchema(string Text)
{
    /// <summary>The most bytes of a schema, white space included.</summary>
    public const int MostBytes = 16 << 10;

    /// <summary>The most levels of nesting.</summary>
    public const int MostDepth = 32;

    private static readonly JsonDocumentOptions s_strict = new() { MaxDepth = MostDepth, AllowDuplicateProperties = false };

    /// <summary>Of an object about which nothing is said.</summary>
    public static JsonSchema AnyObject { get; } = new("""{"type":"object"}""");

    /// <summary>The schema that a JSON text is; null: it is none.</summary>
    /// <param name="json">A JSON value.</param>
    /// <param name="wrong">Why it is none, as a sentence that goes on after its name; null: it is one.</param>
    public static JsonSchema? Of(string json, out string? wrong)
    {
        try
        {
            wrong = Encoding.UTF8.GetByteCount(json) is var bytes and > MostBytes ? $"has {bytes} bytes; allowed are {MostBytes}" : null;
            if (wrong is not null)
            {
                return null;
            }

            using var document = JsonDocument.Parse(json, s_strict);
            wrong = Check(document.RootElement);
            return wrong is null ? new JsonSchema(Compact(document.RootElement)) : null;
        }
        catch (JsonException)
        {
            wrong = $"has a name twice in one object, or is nested deeper than {MostDepth} levels";
        }
        catch (InvalidOperationException)
        {
            wrong = "contains half of a surrogate pair";
        }

        return null;
    }

    /// <inheritdoc/>
    public override string ToString() => Text;

    // What the Model Context Protocol asks of the schema of a tool's input, and the two keywords that every client reads.
    private static string? Check(JsonElement schema) =>
        schema.ValueKind != JsonValueKind.Object ? "must be a JSON schema, which is an object"
        : !schema.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String || !type.ValueEquals("object")
            ? "must have \"type\": \"object\", because a tool's input is an object"
        : schema.TryGetProperty("properties", out var properties) && !AreSchemas(properties)
            ? "has \"properties\" that are no object of schemas"
        : schema.TryGetProperty("required", out var required) && !AreTexts(required) ? "has \"required\" that is no array of strings"
        : null;

    private static bool AreSchemas(JsonElement properties) =>
        properties.ValueKind == JsonValueKind.Object
        && properties.EnumerateObject()
            .All(one => one.Value.ValueKind is JsonValueKind.Object or JsonValueKind.True or JsonValueKind.False);

    private static bool AreTexts(JsonElement names) =>
        names.ValueKind == JsonValueKind.Array && names.EnumerateArray().All(name => name.ValueKind == JsonValueKind.String);

    private static string Compact(JsonElement schema)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, RelaxedJson.WriterOptions))
        {
            schema.WriteTo(json);
        }

        return Encoding.UTF8.GetString(text.ToArray());
    }
}

/// <summary>A <see cref="JsonSchema"/> as the JSON object that it is.</summary>
public sealed class JsonSchemaConverter : JsonConverter<JsonSchema>
{
    /// <inheritdoc/>
    public override JsonSchema Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException($"{reader.TokenType} where a JSON schema is expected.");
        }

        using var document = JsonDocument.ParseValue(ref reader);
        return new JsonSchema(document.RootElement.GetRawText());
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, JsonSchema value, JsonSerializerOptions options) =>
        writer.WriteRawValue(value.Text, skipInputValidation: true);
}
