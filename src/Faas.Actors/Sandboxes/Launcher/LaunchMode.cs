using System.Text.Json.Serialization;

namespace Faas.Actors.Sandboxes.Launcher;

/// <summary>How sandboxes are started: <c>faas.sandbox.launch</c>.</summary>
public enum LaunchMode
{
    /// <summary>By fork where its trial at the start passes, else by exec.</summary>
    [JsonStringEnumMemberName("auto")]
    Auto,

    /// <summary>As forks of a mother, a warm interpreter. If that does not work, the server does not start.</summary>
    [JsonStringEnumMemberName("fork")]
    Fork,

    /// <summary>As programs: bubblewrap starts an interpreter for each.</summary>
    [JsonStringEnumMemberName("exec")]
    Exec,
}
