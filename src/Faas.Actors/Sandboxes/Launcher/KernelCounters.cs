namespace Faas.Actors.Sandboxes.Launcher;

/// <summary>What the kernel has counted for one sandbox, all of its processes together, since it was made.</summary>
/// <param name="OomKills">Processes killed for memory.</param>
/// <param name="Cpu">User and system time.</param>
/// <param name="PeakMemoryBytes">The most memory in use at one time, tmpfs and page cache included; 0 where the kernel does not say (cgroup v2 before Linux 5.19).</param>
public readonly record struct KernelCounters(long OomKills, TimeSpan Cpu, long PeakMemoryBytes)
{
    /// <summary>What has come on top of an earlier reading. A peak is no sum: it stays what it is.</summary>
    public KernelCounters Since(KernelCounters earlier) => new(OomKills - earlier.OomKills, Cpu - earlier.Cpu, PeakMemoryBytes);
}
