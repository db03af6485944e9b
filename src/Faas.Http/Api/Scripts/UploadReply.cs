using System.Text.Json.Serialization;
using Faas.Actors.Scripts;
using Faas.Http.Wire;

namespace Faas.Http.Api.Scripts;

/// <summary>The answer to <c>POST /upload</c>.</summary>
/// <param name="Path">The script.</param>
/// <param name="Language">What the code is written in.</param>
/// <param name="Version">The number of the new version.</param>
public sealed record UploadReply([property: JsonConverter(typeof(PlainTextConverter))] string Path, Language Language, long Version);

/// <summary>JSON of this room's records.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(UploadReply))]
[JsonSerializable(typeof(ScriptPageReply))]
[JsonSerializable(typeof(ScriptReply))]
[JsonSerializable(typeof(VersionPageReply))]
[JsonSerializable(typeof(VersionReply))]
[JsonSerializable(typeof(AliasListReply))]
[JsonSerializable(typeof(AliasReply))]
internal sealed partial class ScriptsJson : JsonSerializerContext;
