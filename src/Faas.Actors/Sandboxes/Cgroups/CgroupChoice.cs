namespace Faas.Actors.Sandboxes.Cgroups;

/// <summary>Finds the driver that works on this machine: version 2, version 1, and without either only what the operator has written out.</summary>
public static class CgroupChoice
{
    /// <summary>The first driver that can make a cgroup. Throws <see cref="SandboxStartException"/> with what stands in the way of each.</summary>
    public static ICgroups Open(SandboxOptions options) => Open(options, CgroupMounts.Own());

    internal static ICgroups Open(SandboxOptions options, CgroupMounts mounts)
    {
        var limits = new SandboxLimits(options.MemoryBytes, options.Cpus, options.Pids);
        return CgroupV2.TryOpen(limits, mounts, out var whyNotV2) as ICgroups
            ?? CgroupV1.TryOpen(limits, mounts, out var whyNotV1) as ICgroups
            ?? (options.AllowUnlimited
                ? new NoCgroups()
                : throw new SandboxStartException(
                    $"No limits can be set on sandboxes ({whyNotV2}; {whyNotV1}). Run the server as root, or, on a machine that runs nobody else's code, set faas.sandbox.limits = unlimited."));
    }
}
