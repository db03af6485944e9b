using Faas.Actors.Sandboxes.Launcher;

namespace Faas.Actors.Sandboxes.Cgroups;

/// <summary>
/// Chooses the driver: the one that the operator names in faas.sandbox.limits, or the first that works on this machine.
/// Sandboxes go without limits only where the operator allows it.
/// </summary>
public static class CgroupChoice
{
    private const string Remedy =
        "Run the server as root or as a unit of systemd with Delegate=yes (docs/faas.service), "
        + "or, on a machine that runs nobody else's code, set faas.sandbox.limits = unlimited.";

    /// <summary>Opens the driver. Throws <see cref="SandboxStartException"/>, which says for each driver why it does not work.</summary>
    public static Task<ICgroups> OpenAsync(SandboxOptions options) => OpenAsync(options, CgroupMounts.Own(), OwnCgroup.Read());

    internal static async Task<ICgroups> OpenAsync(SandboxOptions options, CgroupMounts mounts, OwnCgroup own)
    {
        var limits = options.KernelLimits;
        (LimitsDriver Driver, string Word, Func<Task<Attempt<ICgroups>>> OpenAsync)[] drivers =
        [
            (LimitsDriver.CgroupV2, "cgroup-v2", () => CgroupV2.OpenAsync(limits, mounts.V2, own)),
            (LimitsDriver.CgroupV1, "cgroup-v1", () => CgroupV1.OpenAsync(limits, mounts)),
            (LimitsDriver.Systemd, "systemd", () => SystemdScopes.OpenAsync(limits, mounts.V2, own)),
        ];
        var tryAll = options.Limits is LimitsDriver.Auto or LimitsDriver.Unlimited;
        var refusals = new List<string>();
        foreach (var (driver, word, openAsync) in drivers.Where(one => tryAll || one.Driver == options.Limits))
        {
            var opening = await openAsync();
            if (opening.Succeeded)
            {
                return opening.Value;
            }

            if (driver == options.Limits)
            {
                throw new SandboxStartException($"faas.sandbox.limits = {word} does not work here: {opening.Why}.");
            }

            refusals.Add($"{word}: {opening.Why}");
        }

        return options.Limits == LimitsDriver.Unlimited
            ? new NoCgroups()
            : throw new SandboxStartException($"No limits can be set on sandboxes ({string.Join("; ", refusals)}). {Remedy}");
    }
}
