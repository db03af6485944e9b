using System.Text.Json;
using System.Text.Json.Serialization;

namespace Faas.Http.Wire;

/// <summary>A value that is JSON already, and is written as it is.</summary>
/// <param name="Bytes">Valid JSON in UTF-8.</param>
[JsonConverter(typeof(RawJsonConverter))]
public sealed record RawJson(ReadOnlyMemory<byte> Bytes)
{
    /// <summary>The same for a client; null: there is none.</summary>
    public static RawJson? Of(ReadOnlyMemory<byte> bytes) => bytes.IsEmpty ? null : new RawJson(bytes);
}

/// <summary>Writes it, however deep it is; reads nothing.</summary>
public sealed class RawJsonConverter : JsonConverter<RawJson>
{
    /// <inheritdoc />
    public override RawJson Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("It is only written.");

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, RawJson value, JsonSerializerOptions options) =>
        writer.WriteRawValue(value.Bytes.Span, skipInputValidation: true);
}
