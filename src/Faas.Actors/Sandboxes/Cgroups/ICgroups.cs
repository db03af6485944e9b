using Faas.Actors.Sandboxes.Launcher;

namespace Faas.Actors.Sandboxes.Cgroups;

/// <summary>Where the kernel's limits of sandboxes come from. One instance a server; safe from any thread. Disposing of it, when no sandbox is left, removes what it made on the machine.</summary>
public interface ICgroups : IDisposable
{
    /// <summary>What a start line says of it: <c>cgroup v1</c>.</summary>
    string Name { get; }

    /// <summary>Makes the limits of one sandbox, or leaves nothing behind. Throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.</summary>
    ISandboxCgroup Create(string sandbox);
}

/// <summary>The limits of one sandbox.</summary>
public interface ISandboxCgroup
{
    /// <summary>Files into which a process writes its pid to come under the limits.</summary>
    IReadOnlyList<string> ProcsFiles { get; }

    /// <summary>What brings a process under the limits that cannot do so by a file.</summary>
    LaunchPrefix Prefix { get; }

    /// <summary>Processes that the kernel has killed for memory so far: one of the <see cref="Counters"/>, for those who need no other.</summary>
    long OomKills { get; }

    /// <summary>Processor time so far: another one of the <see cref="Counters"/>.</summary>
    TimeSpan CpuUsed { get; }

    /// <summary>What the kernel has counted so far; what it was at the end, after <see cref="RemoveAsync"/>.</summary>
    KernelCounters Counters { get; }

    /// <summary>Memory that its processes hold for themselves now, files not counted; 0 where the kernel does not say.</summary>
    long MemoryBytes { get; }

    /// <summary>Kills what is left and returns once nothing is: no process, no directory.</summary>
    Task RemoveAsync();
}

/// <summary>What one sandbox may use.</summary>
/// <param name="MemoryBytes">Everything in it, tmpfs included; no swap.</param>
/// <param name="Cpus">Processors, by quota over 100 ms.</param>
/// <param name="Pids">Processes and threads.</param>
public sealed record SandboxLimits(long MemoryBytes, double Cpus, int Pids)
{
    /// <summary>Period of the cpu quota in microseconds.</summary>
    public const int CpuPeriodMicroseconds = 100_000;

    /// <summary>Quota in microseconds of each period; the kernel allows no less than a millisecond.</summary>
    public long CpuQuotaMicroseconds => Math.Max(1000, (long)(Cpus * CpuPeriodMicroseconds));
}
