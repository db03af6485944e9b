namespace Faas.Actors.Sandboxes.Launcher;

/// <summary>What the kernel has counted for all processes of one sandbox since its start.</summary>
/// <param name="OomKills">Processes killed for memory.</param>
/// <param name="Cpu">User and system time.</param>
/// <param name="PeakMemoryBytes">
/// The most memory in use at one time, tmpfs and page cache included; 0 where the kernel does not count it (cgroup v2 before
/// Linux 5.19).
/// </param>
public readonly record struct KernelCounters(long OomKills, TimeSpan Cpu, long PeakMemoryBytes)
{
    /// <summary>The difference from an earlier reading. The peak is not a sum, so it stays as it is.</summary>
    public KernelCounters Since(KernelCounters earlier) => new(OomKills - earlier.OomKills, Cpu - earlier.Cpu, PeakMemoryBytes);
}
