using System.Text.Json.Serialization;
using Faas.Actors.Json;

namespace Faas.Actors.Scripts;

/// <summary>What a script is written in. It belongs to the version, not to the path.</summary>
[JsonConverter(typeof(WireNameConverter<Language>))]
public enum Language
{
    /// <summary>CommonJS-flavoured JavaScript with static imports, as node runs it.</summary>
    [JsonStringEnumMemberName("javascript")]
    JavaScript,

    /// <summary>TypeScript as esbuild accepts it.</summary>
    [JsonStringEnumMemberName("typescript")]
    TypeScript,

    /// <summary>CPython 3.</summary>
    [JsonStringEnumMemberName("python")]
    Python,
}
