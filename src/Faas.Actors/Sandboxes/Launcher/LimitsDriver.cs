
namespace Faas.Actors.Sandboxes.Launcher;

/// <summary>Where the limits of sandboxes are to come from: <c>faas.sandbox.limits</c>.</summary>
public enum LimitsDriver
{
    /// <summary>The first of the drivers that works here; none works: no start.</summary>
    Auto,

    /// <summary>The unified hierarchy, or no start.</summary>
    CgroupV2,

    /// <summary>The hierarchies of version 1, or no start.</summary>
    CgroupV1,

    /// <summary>A transient scope of systemd for each sandbox, or no start.</summary>
    Systemd,

    /// <summary>The first that works here; none works: no limits.</summary>
    Unlimited,
}
