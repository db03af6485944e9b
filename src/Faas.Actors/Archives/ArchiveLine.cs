using System.Text.Json;
using System.Text.Json.Serialization;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Trees;

namespace Faas.Actors.Archives;

/// <summary>
/// One line of an archive after the first, as JSON. Which of <see cref="Script"/>, <see cref="Version"/>, <see cref="End"/>,
/// <see cref="Void"/> and <see cref="Scripts"/> it has says what it is; docs/moving.md describes each. The members stand in the order in
/// which they are written, because two archives of the same scripts are the same bytes.
/// </summary>
public sealed record ArchiveLine
{
    /// <summary>A section begins: the script's path.</summary>
    public string? Script { get; init; }

    /// <summary>Of a script: whether it may be run; null: it may.</summary>
    public bool? Enabled { get; init; }

    /// <summary>Of a script: the highest number that a version of it ever had; null: that of its last version.</summary>
    public long? Highest { get; init; }

    /// <summary>Of a script: which versions are kept; null: the server says it.</summary>
    public Retention? Keep { get; init; }

    /// <summary>Of a script: how often its aliases were changed; null: as often as the aliases say.</summary>
    public long? Revision { get; init; }

    /// <summary>Of a script: its aliases by name; null: it has none.</summary>
    public IReadOnlyDictionary<string, ScriptAlias>? Aliases { get; init; }

    /// <summary>A version of the section's script: its number.</summary>
    public long? Version { get; init; }

    /// <summary>Of a version: the wire name of its code's language.</summary>
    public string? Language { get; init; }

    /// <summary>Of a version: SHA-256 of its source, lower-case hex.</summary>
    public string? Hash { get; init; }

    /// <summary>Of a version: when it was uploaded; null: at the Unix second that its number is.</summary>
    public DateTimeOffset? Uploaded { get; init; }

    /// <summary>Of a version: its settings, as the journal stores them; null: none.</summary>
    public JsonElement? Settings { get; init; }

    /// <summary>
    /// Of a version: its source, a single text; null: it has several files, or an earlier version of the section has the same language and
    /// hash.
    /// </summary>
    public string? Source { get; init; }

    /// <summary>Of a version with several files that no earlier one of the section has: the name of the one that runs.</summary>
    public string? Entry { get; init; }

    /// <summary>Of a version with several files that no earlier one of the section has: the files, sorted by name.</summary>
    public IReadOnlyList<SourceFileJson>? Files { get; init; }

    /// <summary>Of a version whose code is with it: the lock of its libraries; null: it has none.</summary>
    public string? Lock { get; init; }

    /// <summary>The section ends: the script's path.</summary>
    public string? End { get; init; }

    /// <summary>Of an end: how many versions the section has.</summary>
    public int? Versions { get; init; }

    /// <summary>Of an end: SHA-256 of the section's lines before this one, with their line ends; null: it is not known.</summary>
    public string? Sha256 { get; init; }

    /// <summary>The section so far counts for nothing: the script's path.</summary>
    public string? Void { get; init; }

    /// <summary>Of a void section: why the archive lacks the script; null: the section follows anew.</summary>
    public string? Why { get; init; }

    /// <summary>The archive ends: how many sections it has that are not void.</summary>
    public int? Scripts { get; init; }
}

/// <summary>The JSON of archives.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ArchiveLine))]
[JsonSerializable(typeof(ScriptSettings))]
internal sealed partial class ArchiveJson : JsonSerializerContext;
