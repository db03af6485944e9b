using Faas.Actors.Sandboxes.Launch;

namespace Faas.Actors.Sandboxes.Cgroups;

/// <summary>
/// The three hierarchies <c>memory</c>, <c>cpu</c> and <c>pids</c> of cgroup v1, as root.
/// Source: Documentation/admin-guide/cgroup-v1 of the Linux kernel.
/// </summary>
public sealed class CgroupV1 : ICgroups
{
    private static readonly string[] s_controllers = ["memory", "cpu", "pids"];
    private readonly SandboxLimits _limits;
    private readonly string _memory;
    private readonly string _cpu;
    private readonly string _pids;

    private CgroupV1(SandboxLimits limits, IReadOnlyDictionary<string, string> mounts)
    {
        _limits = limits;
        (_memory, _cpu, _pids) = (TopOf(mounts["memory"]), TopOf(mounts["cpu"]), TopOf(mounts["pids"]));
    }

    /// <inheritdoc/>
    public string Name => "cgroup v1";

    /// <summary>Takes the hierarchies, removes what dead servers left and tries whether one can be made; null with the reason when not.</summary>
    public static CgroupV1? TryOpen(SandboxLimits limits, out string why)
    {
        var mounts = CgroupMounts.V1();
        var missing = s_controllers.Where(controller => !mounts.ContainsKey(controller)).ToList();
        if (missing.Count > 0)
        {
            why = $"cgroup v1: no controller {string.Join(", ", missing)} is mounted";
            return null;
        }

        try
        {
            var cgroups = new CgroupV1(limits, mounts);
            foreach (var top in new[] { cgroups._memory, cgroups._cpu, cgroups._pids })
            {
                CgroupFolder.RemoveLeftovers(Path.GetDirectoryName(top)!);
                Directory.CreateDirectory(top);
            }

            cgroups.Create("probe").RemoveAsync().GetAwaiter().GetResult();
            why = "";
            return cgroups;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            why = $"cgroup v1: {refused.Message}";
            return null;
        }
    }

    /// <inheritdoc/>
    public ISandboxCgroup Create(string sandbox)
    {
        var memory = Directory.CreateDirectory(Path.Combine(_memory, sandbox)).FullName;
        CgroupFolder.Write(memory, "memory.limit_in_bytes", _limits.MemoryBytes);
        if (File.Exists(Path.Combine(memory, "memory.memsw.limit_in_bytes")))
        {
            CgroupFolder.Write(memory, "memory.memsw.limit_in_bytes", _limits.MemoryBytes);
        }
        else
        {
            CgroupFolder.Write(memory, "memory.swappiness", 0);
        }

        var cpu = Directory.CreateDirectory(Path.Combine(_cpu, sandbox)).FullName;
        CgroupFolder.Write(cpu, "cpu.cfs_period_us", SandboxLimits.CpuPeriodMicroseconds);
        CgroupFolder.Write(cpu, "cpu.cfs_quota_us", _limits.CpuQuotaMicroseconds);

        var pids = Directory.CreateDirectory(Path.Combine(_pids, sandbox)).FullName;
        CgroupFolder.Write(pids, "pids.max", _limits.Pids);
        return new Sandbox(memory, cpu, pids);
    }

    private static string TopOf(string mount) => Path.Combine(mount, CgroupFolder.Top, ServerIdentity.Own);

    private sealed class Sandbox(string memory, string cpu, string pids) : ISandboxCgroup
    {
        private readonly string _oomControl = Path.Combine(memory, "memory.oom_control");
        private long? _final;

        public IReadOnlyList<string> ProcsFiles { get; } = [.. new[] { memory, cpu, pids }.Select(folder => Path.Combine(folder, "cgroup.procs"))];

        public long OomKills => _final ?? CgroupFolder.Counter(_oomControl, "oom_kill");

        public async Task RemoveAsync()
        {
            // Those of pids and cpu first: while they empty, the counter is still there to be read.
            await CgroupFolder.RemoveAsync(pids);
            await CgroupFolder.RemoveAsync(cpu);
            _final = OomKills;
            await CgroupFolder.RemoveAsync(memory);
        }
    }
}
