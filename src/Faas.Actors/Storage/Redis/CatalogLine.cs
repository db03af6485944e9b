using System.Globalization;
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
    private static readonly JsonSerializerOptions s_json = new(RelaxedJson.SerializerOptions) { Converters = { new LanguageConverter() } };

    /// <summary>The summary's part of the line.</summary>
    public static string Write(ScriptSummary summary) => JsonSerializer.Serialize(
        new Line(summary.Path, LatestVersion.Of(summary.Latest), summary.Versions), s_json);

    /// <summary>The summary's part of the line of a script that was deleted.</summary>
    public const string Deleted = "-";

    /// <summary>
    /// Reads a whole line; of a script that was deleted there is no summary. Throws <see cref="JsonException"/> when it is no line.
    /// </summary>
    public static (ScriptSummary? Summary, long SequenceNr) Read(ReadOnlySpan<byte> line)
    {
        var space = line.IndexOf((byte)' ');
        return space > 0
            && long.TryParse(line[..space], NumberStyles.None, CultureInfo.InvariantCulture, out var sequenceNr)
            ? (SummaryOf(line[(space + 1)..]), sequenceNr)
            : throw new JsonException("no sequence number and summary");
    }

    private static ScriptSummary? SummaryOf(ReadOnlySpan<byte> text) =>
        text.SequenceEqual("-"u8) ? null
        : JsonSerializer.Deserialize<Line>(text, s_json) is { Path: { } path, Latest: { } latest, Versions: var versions }
            ? new ScriptSummary(path, latest.ToVersion(), versions)
            : throw new JsonException("no summary");

    private sealed record Line(string? Path, LatestVersion? Latest, int Versions);

    // A line of an earlier form has no settings, but perhaps an isolation, which is no longer written.
    private sealed record LatestVersion(
        long Number,
        Language Language,
        string CodeHash,
        int CodeBytes,
        DateTimeOffset At,
        ScriptSettings? Settings,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Isolation? Isolation)
    {
        public static LatestVersion Of(ScriptVersion version) =>
            new(version.Number, version.Language, version.CodeHash, version.CodeBytes, version.At, version.Settings, Isolation: null);

        public ScriptVersion ToVersion() => new(Number, Language, CodeHash, CodeBytes, At, Settings ?? new ScriptSettings(Isolation));
    }

    /// <summary>Lines of the first form name two of the languages <c>javaScript</c> and <c>typeScript</c>.</summary>
    private sealed class LanguageConverter : JsonConverter<Language>
    {
        public override Language Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.GetString() switch
            {
                "javaScript" => Language.JavaScript,
                "typeScript" => Language.TypeScript,
                var name when WireNames.TryParse<Language>(name, out var language) => language,
                var name => throw new JsonException($"\"{name}\" is no language; allowed are {WireNames.Allowed<Language>()}."),
            };

        public override void Write(Utf8JsonWriter writer, Language value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToWireUtf8());
    }
}
