using System.Text.Json.Serialization;

namespace Faas.Http.Configuration;

/// <summary>How a line of the log is written.</summary>
public enum LogFormat
{
    /// <summary>For people.</summary>
    [JsonStringEnumMemberName("text")]
    Text,

    /// <summary>For programs: one JSON object a line.</summary>
    [JsonStringEnumMemberName("json")]
    Json,
}
