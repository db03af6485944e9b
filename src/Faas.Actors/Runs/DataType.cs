using System.Text.Json.Serialization;
using Faas.Actors.Json;

namespace Faas.Actors.Runs;

/// <summary>The wire's <c>type</c>.</summary>
[JsonConverter(typeof(WireNameConverter<DataType>))]
public enum DataType
{
    /// <summary>A JSON string.</summary>
    [JsonStringEnumMemberName("string")]
    String,

    /// <summary>A JSON number.</summary>
    [JsonStringEnumMemberName("number")]
    Number,

    /// <summary>An object, an array, a boolean or null.</summary>
    [JsonStringEnumMemberName("json")]
    Json,

    /// <summary>What could not be parsed as JSON.</summary>
    [JsonStringEnumMemberName("text")]
    Text,
}
