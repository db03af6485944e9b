using System.Text.Json.Serialization;

namespace Faas.Actors.Sandboxes.Launcher;

/// <summary>Where the limits of sandboxes are to come from: <c>faas.sandbox.limits</c>.</summary>
public enum LimitsDriver
{
    /// <summary>The first of the drivers that works here; none works: no start.</summary>
    [JsonStringEnumMemberName("auto")]
    Auto,

    /// <summary>The unified hierarchy, or no start.</summary>
    [JsonStringEnumMemberName("cgroup-v2")]
    CgroupV2,

    /// <summary>The hierarchies of version 1, or no start.</summary>
    [JsonStringEnumMemberName("cgroup-v1")]
    CgroupV1,

    /// <summary>A transient scope of systemd for each sandbox, or no start.</summary>
    [JsonStringEnumMemberName("systemd")]
    Systemd,

    /// <summary>The first that works here; none works: no limits.</summary>
    [JsonStringEnumMemberName("unlimited")]
    Unlimited,
}
