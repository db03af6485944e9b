using System.Text.Json.Serialization;

namespace Faas.Http.Configuration;

/// <summary>The least important entries that the log has; the values are those of <see cref="LogLevel"/>.</summary>
public enum LogThreshold
{
    /// <summary>Also answers about the server itself.</summary>
    [JsonStringEnumMemberName("debug")]
    Debug = LogLevel.Debug,

    /// <summary>One line a call.</summary>
    [JsonStringEnumMemberName("info")]
    Information = LogLevel.Information,

    /// <summary>What the server could not do, or did in another way than it was told.</summary>
    [JsonStringEnumMemberName("warning")]
    Warning = LogLevel.Warning,

    /// <summary>Defects of the server.</summary>
    [JsonStringEnumMemberName("error")]
    Error = LogLevel.Error,
}
