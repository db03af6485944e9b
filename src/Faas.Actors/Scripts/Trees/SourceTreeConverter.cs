using System.Text.Json;
using System.Text.Json.Serialization;

namespace Faas.Actors.Scripts.Trees;

/// <summary>A tree as <c>{"entry", "files": [{"name", "text" or "base64"}]}</c>.</summary>
public sealed class SourceTreeConverter : JsonConverter<SourceTree>
{
    /// <inheritdoc/>
    public override SourceTree Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var json = JsonElement.ParseValue(ref reader);
        try
        {
            return SourceFileJson.TreeOf(
                json.GetProperty("entry").GetString() ?? "",
                json.GetProperty("files").EnumerateArray().Select(FileOf).ToList());
        }
        catch (Exception wrong) when (wrong is ArgumentException or FormatException or KeyNotFoundException or InvalidOperationException)
        {
            throw new JsonException(wrong.Message, wrong);
        }
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, SourceTree value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString("entry", value.Entry);
        writer.WriteStartArray("files");
        foreach (var file in SourceFileJson.Of(value))
        {
            writer.WriteStartObject();
            writer.WriteString("name", file.Name);
            writer.WriteString(file.Text is null ? "base64" : "text", file.Text ?? file.Base64);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static SourceFileJson? FileOf(JsonElement file) => file.ValueKind != JsonValueKind.Object ? null : new(
        file.TryGetProperty("name", out var name) ? name.GetString()! : null!,
        file.TryGetProperty("text", out var text) ? text.GetString() : null,
        file.TryGetProperty("base64", out var base64) ? base64.GetString() : null);
}
