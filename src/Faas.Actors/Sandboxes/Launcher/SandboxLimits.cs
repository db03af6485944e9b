namespace Faas.Actors.Sandboxes.Launcher;

/// <summary>What one sandbox may use.</summary>
/// <param name="MemoryBytes">Memory of all its processes and of its tmpfs. Swap is never allowed.</param>
/// <param name="Cpus">Processors, as a quota over 100 ms.</param>
/// <param name="Pids">Processes and threads.</param>
public sealed record SandboxLimits(long MemoryBytes, double Cpus, int Pids)
{
    /// <summary>The period of the processor quota in microseconds.</summary>
    public const int CpuPeriodMicroseconds = 100_000;

    /// <summary>The quota of each period in microseconds. The kernel allows no less than a millisecond.</summary>
    public long CpuQuotaMicroseconds => Math.Max(1000, (long)(Cpus * CpuPeriodMicroseconds));
}
