using System.Text.Json.Serialization;

namespace Faas.Actors.Sandboxes.Launcher;

/// <summary>Which driver shall set the limits of sandboxes: <c>faas.sandbox.limits</c>.</summary>
public enum LimitsDriver
{
    /// <summary>The first driver that works on this machine. If none works, the server does not start.</summary>
    [JsonStringEnumMemberName("auto")]
    Auto,

    /// <summary>The unified hierarchy. If it does not work, the server does not start.</summary>
    [JsonStringEnumMemberName("cgroup-v2")]
    CgroupV2,

    /// <summary>The hierarchies of version 1. If they do not work, the server does not start.</summary>
    [JsonStringEnumMemberName("cgroup-v1")]
    CgroupV1,

    /// <summary>A transient scope of systemd for each sandbox. If scopes do not work, the server does not start.</summary>
    [JsonStringEnumMemberName("systemd")]
    Systemd,

    /// <summary>The first driver that works on this machine. If none works, sandboxes have no limits.</summary>
    [JsonStringEnumMemberName("unlimited")]
    Unlimited,
}
