using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Faas.Cli.Output;

/// <summary>Writes JSON so that people can read it: text that is not ASCII stays as it is.</summary>
internal static class JsonLayout
{
    private const int MostLevels = 100_010;

    /// <summary>A value as text.</summary>
    public static string Of(JsonNode value, bool indented) => Write(json => value.WriteTo(json), indented);

    /// <summary>The same of a value that was read.</summary>
    public static string Of(JsonElement value, bool indented) => Write(value.WriteTo, indented);

    private static string Write(Action<Utf8JsonWriter> write, bool indented)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var options = new JsonWriterOptions
        {
            Indented = indented,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            MaxDepth = MostLevels,
        };
        using (var json = new Utf8JsonWriter(buffer, options))
        {
            write(json);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
