using Faas.Actors.Sandboxes.Launcher;

namespace Faas.Actors.Sandboxes.Cgroups;

/// <summary>The counters of one directory of the unified hierarchy, for both of the drivers that use it.</summary>
/// <param name="folder">The directory.</param>
internal sealed class UnifiedCounters(string folder)
{
    private readonly CgroupCounter _oomKills = new(Path.Combine(folder, "memory.events"), "oom_kill");
    private readonly CgroupCounter _peak = new(Path.Combine(folder, "memory.peak"));
    private readonly CgroupCounter _cpu = new(Path.Combine(folder, "cpu.stat"), "usage_usec");

    /// <summary>The processes that the kernel has killed for memory.</summary>
    public long OomKills => _oomKills.Value;

    /// <summary>The processor time used.</summary>
    public TimeSpan CpuUsed => TimeSpan.FromMicroseconds(_cpu.Value);

    /// <summary>All counters.</summary>
    public KernelCounters Now => new(OomKills, CpuUsed, _peak.Value);

    /// <summary>The memory of the processes in bytes, without files.</summary>
    public long MemoryBytes => CgroupNumber.ReadOnce(Path.Combine(folder, "memory.stat"), "anon");

    /// <summary>The kernel's own memory for the processes in bytes; 0 before Linux 5.18.</summary>
    public long KernelBytes => CgroupNumber.ReadOnce(Path.Combine(folder, "memory.stat"), "kernel");

    /// <summary>Reads the counters for the last time, before the directory is removed.</summary>
    public void Keep() => Array.ForEach([_oomKills, _peak, _cpu], counter => counter.Keep());
}
