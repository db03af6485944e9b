using Faas.Actors.Linux;
using Faas.Actors.Sandboxes.Launcher;

namespace Faas.Actors.Sandboxes.Cgroups;

/// <summary>
/// The driver of cgroup v1: the hierarchies <c>memory</c>, <c>cpu</c> and <c>pids</c>, and, where it is mounted, <c>cpuacct</c>,
/// which only counts. It needs root.
/// Source: Documentation/admin-guide/cgroup-v1 of the Linux kernel.
/// </summary>
public sealed class CgroupV1 : ICgroups
{
    private const string MemoryAlone = "memory.limit_in_bytes";
    private const string MemoryAndSwap = "memory.memsw.limit_in_bytes";
    private const string CpuQuota = "cpu.cfs_quota_us";
    private const string MostPids = "pids.max";
    private static readonly string[] s_controllers = ["memory", "cpu", "pids"];
    private readonly SandboxLimits _limits;
    private readonly string _memory;
    private readonly string _cpu;
    private readonly string _pids;
    private readonly string? _cpuTime;

    internal CgroupV1(SandboxLimits limits, CgroupMounts mounts)
    {
        _limits = limits;
        (_memory, _cpu, _pids) = (TopOf(mounts.V1["memory"]), TopOf(mounts.V1["cpu"]), TopOf(mounts.V1["pids"]));
        _cpuTime = mounts.V1.TryGetValue("cpuacct", out var cpuTime) ? TopOf(cpuTime) : null;
    }

    /// <inheritdoc/>
    public string Name => "cgroup v1";

    private IEnumerable<string> Tops => Folders(_memory, _cpu, _pids, _cpuTime);

    /// <summary>Removes what dead servers have left in the hierarchies, and makes and removes one cgroup as a trial.</summary>
    internal static async Task<Attempt<ICgroups>> OpenAsync(SandboxLimits limits, CgroupMounts mounts)
    {
        var missing = s_controllers.Where(controller => !mounts.V1.ContainsKey(controller)).ToList();
        if (missing.Count > 0)
        {
            return Attempt<ICgroups>.Failure($"no controller {string.Join(", ", missing)} is mounted");
        }

        var cgroups = new CgroupV1(limits, mounts);
        try
        {
            foreach (var top in cgroups.Tops)
            {
                await CgroupFolder.RemoveLeftoversAsync(Path.GetDirectoryName(top)!);
                Directory.CreateDirectory(top);
            }

            await cgroups.Create("probe").RemoveAsync();
            return Attempt<ICgroups>.Success(cgroups);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            await cgroups.DisposeAsync();
            return Attempt<ICgroups>.Failure(refused.Message);
        }
    }

    /// <inheritdoc/>
    public ISandboxCgroup Create(string sandbox, SandboxLimits? limits = null)
    {
        var made = new Sandbox(
            Path.Combine(_memory, sandbox),
            Path.Combine(_cpu, sandbox),
            Path.Combine(_pids, sandbox),
            _cpuTime is null ? null : Path.Combine(_cpuTime, sandbox));
        try
        {
            Limit(made, limits ?? _limits);
            return made;
        }
        catch
        {
            made.RemoveEmpty();
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        CgroupFolder.RemoveEmpty(Tops);
        return ValueTask.CompletedTask;
    }

    // True: the limit holds for memory and swap together. The kernel wants the one on memory to be no higher at any time.
    private static bool LimitMemory(string folder, long bytes)
    {
        var withSwap = File.Exists(Path.Combine(folder, MemoryAndSwap));
        var isRaised = bytes > CgroupNumber.ReadOnce(Path.Combine(folder, MemoryAlone));
        if (withSwap && isRaised)
        {
            CgroupFolder.Write(folder, MemoryAndSwap, bytes);
        }

        CgroupFolder.Write(folder, MemoryAlone, bytes);
        if (withSwap && !isRaised)
        {
            CgroupFolder.Write(folder, MemoryAndSwap, bytes);
        }

        return withSwap;
    }

    private static void Limit(Sandbox made, SandboxLimits limits)
    {
        var memory = Directory.CreateDirectory(made.Memory).FullName;
        if (!LimitMemory(memory, limits.MemoryBytes))
        {
            CgroupFolder.Write(memory, "memory.swappiness", 0);
        }

        var cpu = Directory.CreateDirectory(made.Cpu).FullName;
        CgroupFolder.Write(cpu, "cpu.cfs_period_us", SandboxLimits.CpuPeriodMicroseconds);
        CgroupFolder.Write(cpu, CpuQuota, limits.CpuQuotaMicroseconds);

        if (made.CpuTime is not null)
        {
            Directory.CreateDirectory(made.CpuTime);
        }

        var pids = Directory.CreateDirectory(made.Pids).FullName;
        CgroupFolder.Write(pids, MostPids, limits.Pids);
    }

    private static string TopOf(string mount) => Path.Combine(mount, CgroupFolder.Top, ServerIdentity.Own);

    // Most machines mount cpu and cpuacct in one place, so two folders can be the same.
    private static IEnumerable<string> Folders(params string?[] folders) => folders.OfType<string>().Distinct();

    private sealed class Sandbox(string memory, string cpu, string pids, string? cpuTime) : ISandboxCgroup
    {
        private readonly CgroupCounter _oomKills = new(Path.Combine(memory, "memory.oom_control"), "oom_kill");
        private readonly CgroupCounter _peak = new(Path.Combine(memory, "memory.max_usage_in_bytes"));
        private readonly CgroupCounter? _nanoseconds = cpuTime is null ? null : new(Path.Combine(cpuTime, "cpuacct.usage"));

        public string Memory => memory;

        public string Cpu => cpu;

        public string Pids => pids;

        public string? CpuTime => cpuTime;

        public IReadOnlyList<string> ProcsFiles { get; } =
            [.. Folders(memory, cpu, pids, cpuTime).Select(folder => Path.Combine(folder, "cgroup.procs"))];

        // The first move after a pause takes the kernel 10 ms, which must not hold up the thread of the actors.
        public Task JoinAsync(int pid) => Task.Run(() => CgroupFolder.Join(ProcsFiles, pid));

        public LaunchPrefix Prefix => LaunchPrefix.None;

        public long OomKills => _oomKills.Value;

        public TimeSpan CpuUsed => TimeSpan.FromMicroseconds((_nanoseconds?.Value ?? 0) / 1000);

        public KernelCounters Counters => new(OomKills, CpuUsed, _peak.Value);

        public long MemoryBytes => CgroupNumber.ReadOnce(Path.Combine(memory, "memory.stat"), "rss");

        public long KernelBytes => CgroupNumber.ReadOnce(Path.Combine(memory, "memory.kmem.usage_in_bytes"));

        public void LowerMemory(long bytes) => LimitMemory(memory, bytes);

        // To lower the limit on memory, the kernel may have to reclaim some, which must not hold up the thread of the actors.
        public Task SetLimitsAsync(SandboxLimits limits) => Task.Run(() =>
        {
            LimitMemory(memory, limits.MemoryBytes);
            CgroupFolder.Write(cpu, CpuQuota, limits.CpuQuotaMicroseconds);
            CgroupFolder.Write(pids, MostPids, limits.Pids);
        });

        public void RemoveEmpty() => CgroupFolder.RemoveEmpty(Folders(memory, cpu, pids, cpuTime));

        public async Task RemoveAsync()
        {
            // The directory of pids goes first. Once it is empty all processes are gone, and the others still hold the counters.
            await CgroupFolder.RemoveAsync(pids);
            Array.ForEach([_oomKills, _peak, _nanoseconds], counter => counter?.Keep());
            foreach (var folder in Folders(cpu, cpuTime, memory))
            {
                await CgroupFolder.RemoveAsync(folder);
            }
        }
    }
}
