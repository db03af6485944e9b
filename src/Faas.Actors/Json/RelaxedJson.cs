using System.Text.Encodings.Web;
using System.Text.Json;

namespace Faas.Actors.Json;

/// <summary>
/// The options of the JSON that clients, scripts and operators read. They escape only what RFC 8259 requires, so text in every language
/// stays short and
/// readable. Such JSON must not be put into HTML unescaped.
/// </summary>
public static class RelaxedJson
{
    /// <summary>For JSON that is written member by member.</summary>
    public static JsonWriterOptions WriterOptions { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>For JSON that is made of objects and read into them. Names of members are camelCase.</summary>
    public static JsonSerializerOptions SerializerOptions { get; } = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
