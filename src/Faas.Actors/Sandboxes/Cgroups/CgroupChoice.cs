using Faas.Actors.Sandboxes.Launcher;

namespace Faas.Actors.Sandboxes.Cgroups;

/// <summary>Finds the driver that works on this machine, or the one that the operator wants; goes without only where it is written out.</summary>
public static class CgroupChoice
{
    private const string Remedy = "Run the server as root or as a unit of systemd with Delegate=yes (docs/faas.service), or, on a machine that runs nobody else's code, set faas.sandbox.limits = unlimited.";

    private delegate ICgroups? Opening(out string why);

    /// <summary>The driver. Throws <see cref="SandboxStartException"/> with what stands in the way of each that may be taken.</summary>
    public static ICgroups Open(SandboxOptions options) => Open(options, CgroupMounts.Own(), OwnCgroup.Read());

    internal static ICgroups Open(SandboxOptions options, CgroupMounts mounts, OwnCgroup own)
    {
        var limits = new SandboxLimits(options.MemoryBytes, options.Cpus, options.Pids);
        (LimitsDriver Driver, string Word, Opening Open)[] drivers =
        [
            (LimitsDriver.CgroupV2, "cgroup-v2", (out string why) => CgroupV2.TryOpen(limits, mounts.V2, own, out why)),
            (LimitsDriver.CgroupV1, "cgroup-v1", (out string why) => CgroupV1.TryOpen(limits, mounts, out why)),
            (LimitsDriver.Systemd, "systemd", (out string why) => SystemdScopes.TryOpen(limits, mounts.V2, own, out why)),
        ];
        var refusals = new List<string>();
        foreach (var (driver, word, open) in drivers.Where(one => options.Limits is LimitsDriver.Auto or LimitsDriver.Unlimited || one.Driver == options.Limits))
        {
            if (open(out var why) is { } cgroups)
            {
                return cgroups;
            }

            if (driver == options.Limits)
            {
                throw new SandboxStartException($"faas.sandbox.limits = {word} does not work here: {why}.");
            }

            refusals.Add($"{word}: {why}");
        }

        return options.Limits == LimitsDriver.Unlimited
            ? new NoCgroups()
            : throw new SandboxStartException($"No limits can be set on sandboxes ({string.Join("; ", refusals)}). {Remedy}");
    }
}
