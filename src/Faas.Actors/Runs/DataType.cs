using System.Text.Json.Serialization;
using Faas.Actors.Json;

namespace Faas.Actors.Runs;

/// <summary>What kind of value a run returned: <c>type</c> on the wire.</summary>
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

    /// <summary>A text that is not JSON.</summary>
    [JsonStringEnumMemberName("text")]
    Text,

    /// <summary>Bytes, as an object with <c>base64</c> and <c>mediaType</c> (<see cref="BytesData"/>).</summary>
    [JsonStringEnumMemberName("bytes")]
    Bytes,
}
