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

    /// <summary>Store, change and delete scripts.</summary>
    [JsonStringEnumMemberName("write")]
    Write = 2,

    /// <summary>See which scripts there are, and their code.</summary>
    [JsonStringEnumMemberName("read")]
    Read = 16,

    /// <summary>Read the server's metrics.</summary>
    [JsonStringEnumMemberName("metrics")]
    Metrics = 32,

    /// <summary>See the runs of scripts, and what they printed.</summary>
    [JsonStringEnumMemberName("runs")]
    Runs = 64,

    /// <summary>Everything, the other scopes included.</summary>
    [JsonStringEnumMemberName("admin")]
    Admin = 4,
}
