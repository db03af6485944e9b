using System.Globalization;
using Faas.Actors.Sandboxes.Launch;

namespace Faas.Actors.Sandboxes.Cgroups;

/// <summary>
/// The unified hierarchy, as root: <c>/sys/fs/cgroup/faas/SERVER/SANDBOX</c>.
/// Source: Documentation/admin-guide/cgroup-v2.rst of the Linux kernel.
/// </summary>
public sealed class CgroupV2 : ICgroups
{
    private static readonly string[] s_controllers = ["memory", "cpu", "pids"];
    private readonly SandboxLimits _limits;
    private readonly string _top;

    private CgroupV2(SandboxLimits limits, string top) => (_limits, _top) = (limits, top);

    /// <inheritdoc/>
    public string Name => "cgroup v2";

    /// <summary>Takes the hierarchy, removes what dead servers left and tries whether one can be made; null with the reason when not.</summary>
    public static CgroupV2? TryOpen(SandboxLimits limits, out string why)
    {
        if (CgroupMounts.V2() is not { } mount)
        {
            why = "cgroup v2: not mounted";
            return null;
        }

        var available = File.ReadAllText(Path.Combine(mount, "cgroup.controllers")).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var missing = s_controllers.Except(available).ToList();
        if (missing.Count > 0)
        {
            why = $"cgroup v2: no controller {string.Join(", ", missing)} in {mount}";
            return null;
        }

        try
        {
            var all = Path.Combine(mount, CgroupFolder.Top);
            CgroupFolder.RemoveLeftovers(all);
            var top = Directory.CreateDirectory(Path.Combine(all, ServerIdentity.Own)).FullName;
            foreach (var folder in new[] { mount, all, top })
            {
                File.WriteAllText(Path.Combine(folder, "cgroup.subtree_control"), string.Join(' ', s_controllers.Select(controller => $"+{controller}")));
            }

            var cgroups = new CgroupV2(limits, top);
            cgroups.Create("probe").RemoveAsync().GetAwaiter().GetResult();
            why = "";
            return cgroups;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            why = $"cgroup v2: {refused.Message}";
            return null;
        }
    }

    /// <inheritdoc/>
    public ISandboxCgroup Create(string sandbox)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_top, sandbox)).FullName;
        CgroupFolder.Write(folder, "memory.max", _limits.MemoryBytes);
        if (File.Exists(Path.Combine(folder, "memory.swap.max")))
        {
            CgroupFolder.Write(folder, "memory.swap.max", 0);
        }

        File.WriteAllText(
            Path.Combine(folder, "cpu.max"),
            string.Create(CultureInfo.InvariantCulture, $"{_limits.CpuQuotaMicroseconds} {SandboxLimits.CpuPeriodMicroseconds}"));
        CgroupFolder.Write(folder, "pids.max", _limits.Pids);
        return new Sandbox(folder);
    }

    private sealed class Sandbox(string folder) : ISandboxCgroup
    {
        private long? _final;

        public IReadOnlyList<string> ProcsFiles { get; } = [Path.Combine(folder, "cgroup.procs")];

        public long OomKills => _final ?? CgroupFolder.Counter(Path.Combine(folder, "memory.events"), "oom_kill");

        public async Task RemoveAsync()
        {
            _final = OomKills;
            await CgroupFolder.RemoveAsync(folder);
        }
    }
}
