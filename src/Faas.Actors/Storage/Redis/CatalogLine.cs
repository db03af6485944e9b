using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Faas.Actors.Json;
using Faas.Actors.Scripts;

namespace Faas.Actors.Storage.Redis;

/// <summary>
/// The stored form of a script's line in the catalog: <c>{sequence number} {summary as JSON}</c>. Lines of earlier
/// servers are read for ever; the next write of a line brings it into today's form.
/// </summary>
internal static class CatalogLine
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new LanguageConverter() },
    };

    /// <summary>The summary's part of the line.</summary>
    public static string Write(ScriptSummary summary) => JsonSerializer.Serialize(summary, s_json);

    /// <summary>Reads a whole line. Throws <see cref="JsonException"/> when it is none.</summary>
    public static (ScriptSummary Summary, long SequenceNr) Read(ReadOnlySpan<byte> line)
    {
        var space = line.IndexOf((byte)' ');
        return space > 0
            && long.TryParse(line[..space], NumberStyles.None, CultureInfo.InvariantCulture, out var sequenceNr)
            && JsonSerializer.Deserialize<ScriptSummary>(line[(space + 1)..], s_json) is { Path: not null, Latest: not null } summary
            ? (summary, sequenceNr)
            : throw new JsonException("no sequence number and summary");
    }

    /// <summary>Lines of the first form name two of the languages <c>javaScript</c> and <c>typeScript</c>.</summary>
    private sealed class LanguageConverter : JsonConverter<Language>
    {
        public override Language Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString() switch
        {
            "javaScript" => Language.JavaScript,
            "typeScript" => Language.TypeScript,
            var name when WireNames.TryParse<Language>(name, out var language) => language,
            var name => throw new JsonException($"\"{name}\" is no language; allowed are {WireNames.Allowed<Language>()}."),
        };

        public override void Write(Utf8JsonWriter writer, Language value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToWireUtf8());
    }
}
