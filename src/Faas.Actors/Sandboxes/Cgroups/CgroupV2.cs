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

    internal CgroupV2(SandboxLimits limits, string mount) => (_limits, _top) = (limits, Path.Combine(mount, CgroupFolder.Top, ServerIdentity.Own));

    /// <inheritdoc/>
    public string Name => "cgroup v2";

    /// <summary>Takes the hierarchy, removes what dead servers left and tries whether one can be made; null with the reason when not.</summary>
    internal static CgroupV2? TryOpen(SandboxLimits limits, CgroupMounts mounts, out string why)
    {
        if (mounts.V2 is not { } mount)
        {
            why = "cgroup v2: not mounted";
            return null;
        }

        var cgroups = new CgroupV2(limits, mount);
        try
        {
            var available = File.ReadAllText(Path.Combine(mount, "cgroup.controllers")).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            var missing = s_controllers.Except(available).ToList();
            if (missing.Count > 0)
            {
                why = $"cgroup v2: no controller {string.Join(", ", missing)} in {mount}";
                return null;
            }

            var all = Path.Combine(mount, CgroupFolder.Top);
            CgroupFolder.RemoveLeftovers(all);
            Directory.CreateDirectory(cgroups._top);
            foreach (var folder in new[] { mount, all, cgroups._top })
            {
                File.WriteAllText(Path.Combine(folder, "cgroup.subtree_control"), string.Join(' ', s_controllers.Select(controller => $"+{controller}")));
            }

            cgroups.Create("probe").RemoveAsync().GetAwaiter().GetResult();
            why = "";
            return cgroups;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            cgroups.Dispose();
            why = $"cgroup v2: {refused.Message}";
            return null;
        }
    }

    /// <inheritdoc/>
    public ISandboxCgroup Create(string sandbox)
    {
        var folder = Path.Combine(_top, sandbox);
        try
        {
            Directory.CreateDirectory(folder);
            Limit(folder);
            return new Sandbox(folder);
        }
        catch
        {
            CgroupFolder.RemoveEmpty([folder]);
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => CgroupFolder.RemoveEmpty([_top]);

    private void Limit(string folder)
    {
        CgroupFolder.Write(folder, "memory.max", _limits.MemoryBytes);
        if (File.Exists(Path.Combine(folder, "memory.swap.max")))
        {
            CgroupFolder.Write(folder, "memory.swap.max", 0);
        }

        File.WriteAllText(
            Path.Combine(folder, "cpu.max"),
            string.Create(CultureInfo.InvariantCulture, $"{_limits.CpuQuotaMicroseconds} {SandboxLimits.CpuPeriodMicroseconds}"));
        CgroupFolder.Write(folder, "pids.max", _limits.Pids);
    }

    private sealed class Sandbox(string folder) : ISandboxCgroup
    {
        private readonly CgroupCounter _oomKills = new(Path.Combine(folder, "memory.events"), "oom_kill");
        private readonly CgroupCounter _peak = new(Path.Combine(folder, "memory.peak"));
        private readonly CgroupCounter _cpu = new(Path.Combine(folder, "cpu.stat"), "usage_usec");

        public IReadOnlyList<string> ProcsFiles { get; } = [Path.Combine(folder, "cgroup.procs")];

        public KernelCounters Counters => new(_oomKills.Value, TimeSpan.FromMicroseconds(_cpu.Value), _peak.Value);

        public async Task RemoveAsync()
        {
            Array.ForEach([_oomKills, _peak, _cpu], counter => counter.Keep());
            await CgroupFolder.RemoveAsync(folder);
        }
    }
}
