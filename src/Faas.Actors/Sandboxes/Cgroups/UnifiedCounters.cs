using Faas.Actors.Sandboxes.Launcher;

namespace Faas.Actors.Sandboxes.Cgroups;

/// <summary>What the unified hierarchy counts in one directory.</summary>
/// <param name="folder">The directory.</param>
internal sealed class UnifiedCounters(string folder)
{
    private readonly CgroupCounter _oomKills = new(Path.Combine(folder, "memory.events"), "oom_kill");
    private readonly CgroupCounter _peak = new(Path.Combine(folder, "memory.peak"));
    private readonly CgroupCounter _cpu = new(Path.Combine(folder, "cpu.stat"), "usage_usec");

    /// <summary>Processes killed for memory.</summary>
    public long OomKills => _oomKills.Value;

    /// <summary>Processor time.</summary>
    public TimeSpan CpuUsed => TimeSpan.FromMicroseconds(_cpu.Value);

    /// <summary>All counters.</summary>
    public KernelCounters Now => new(OomKills, CpuUsed, _peak.Value);

    /// <summary>Memory that the processes hold for themselves now.</summary>
    public long MemoryBytes => CgroupNumber.ReadOnce(Path.Combine(folder, "memory.stat"), "anon");

    /// <summary>Looks for the last time, before the directory goes.</summary>
    public void Keep() => Array.ForEach([_oomKills, _peak, _cpu], counter => counter.Keep());
}
