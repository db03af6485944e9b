using System.Text.Json.Serialization;

namespace Faas.Http.Access;

/// <summary>What a key's owner may do.</summary>
[Flags]
public enum Scopes
{
    /// <summary>Nothing; for a route: no key is asked for.</summary>
    None = 0,

    /// <summary>Run stored scripts.</summary>
    [JsonStringEnumMemberName("invoke")]
    Invoke = 1,

    /// <summary>Run code that comes with the call.</summary>
    [JsonStringEnumMemberName("execute")]
    Execute = 8,

    /// <summary>Store scripts.</summary>
    [JsonStringEnumMemberName("write")]
    Write = 2,

    /// <summary>Everything, the other scopes included.</summary>
    [JsonStringEnumMemberName("admin")]
    Admin = 4,
}
