using System.Text.Json.Serialization;
using Faas.Actors.Scripts;
using Faas.Http.Wire;

namespace Faas.Http.Api.Scripts;

/// <summary>The answer to <c>POST /upload</c>.</summary>
/// <param name="Path">The script.</param>
/// <param name="Language">What the code is written in.</param>
/// <param name="Version">The number of the new version, or of the latest one; 0: a dry run, and there is no such script yet.</param>
/// <param name="Unchanged">Whether it is the latest one, with this code and these settings; left out: it is new.</param>
/// <param name="DryRun">Whether nothing was to be stored; left out: it is stored.</param>
public sealed record UploadReply(
    [property: JsonConverter(typeof(PlainTextConverter))] string Path,
    Language Language,
    long Version,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Unchanged = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool DryRun = false);

/// <summary>JSON of this room's records.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(UploadReply))]
[JsonSerializable(typeof(ScriptPageReply))]
[JsonSerializable(typeof(ScriptReply))]
[JsonSerializable(typeof(VersionPageReply))]
[JsonSerializable(typeof(VersionReply))]
[JsonSerializable(typeof(SourcesReply))]
[JsonSerializable(typeof(AliasListReply))]
[JsonSerializable(typeof(AliasReply))]
internal sealed partial class ScriptsJson : JsonSerializerContext;
