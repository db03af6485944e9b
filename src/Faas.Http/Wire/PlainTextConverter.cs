using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Faas.Http.Wire;

/// <summary>Writes a string with no more escapes than JSON demands, as go-faas does; the platform's encoders escape all of emoji.</summary>
public sealed class PlainTextConverter : JsonConverter<string>
{
    /// <inheritdoc />
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString();

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options)
    {
        var text = new ArrayBufferWriter<byte>(value.Length + 2);
        JsonText.WriteString(text, Encoding.UTF8.GetBytes(value));
        writer.WriteRawValue(text.WrittenSpan, skipInputValidation: true);
    }
}
