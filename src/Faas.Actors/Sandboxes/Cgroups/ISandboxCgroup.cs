using Faas.Actors.Sandboxes.Launcher;

namespace Faas.Actors.Sandboxes.Cgroups;

/// <summary>The limits of one sandbox, and what the kernel counts under them.</summary>
public interface ISandboxCgroup
{
    /// <summary>The files into which a process writes its pid to come under the limits.</summary>
    IReadOnlyList<string> ProcsFiles { get; }

    /// <summary>
    /// Brings a process that runs already under the limits, with what it will start. Throws <see cref="IOException"/> when the process is
    /// gone, or the limits cannot be set.
    /// </summary>
    /// <param name="pid">The process.</param>
    Task JoinAsync(int pid);

    /// <summary>The command that brings a process under the limits where no file can.</summary>
    LaunchPrefix Prefix { get; }

    /// <summary>The processes that the kernel has killed for memory. Cheaper to read than all <see cref="Counters"/>.</summary>
    long OomKills { get; }

    /// <summary>The processor time used. Cheaper to read than all <see cref="Counters"/>.</summary>
    TimeSpan CpuUsed { get; }

    /// <summary>What the kernel has counted; after <see cref="RemoveAsync"/>, the last values before the removal.</summary>
    KernelCounters Counters { get; }

    /// <summary>The memory of the processes in bytes, without files; 0 where the kernel does not count it.</summary>
    long MemoryBytes { get; }

    /// <summary>The kernel's own memory for the processes in bytes; 0 where the kernel does not count it.</summary>
    long KernelBytes { get; }

    /// <summary>
    /// Lowers the limit on memory of a sandbox that runs. Throws <see cref="IOException"/> when more than that is used, or the sandbox is
    /// gone.
    /// </summary>
    /// <param name="bytes">The new limit.</param>
    void LowerMemory(long bytes);

    /// <summary>
    /// Sets the limits of a sandbox that runs anew, and returns when the kernel has them. Throws <see cref="IOException"/> when the sandbox
    /// is gone, or uses more memory than it may.
    /// </summary>
    /// <param name="limits">The new limits.</param>
    Task SetLimitsAsync(SandboxLimits limits);

    /// <summary>Kills the remaining processes. Returns when no process and no directory is left.</summary>
    Task RemoveAsync();
}
