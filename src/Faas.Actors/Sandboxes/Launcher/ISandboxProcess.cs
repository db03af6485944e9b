using System.IO.Pipelines;

namespace Faas.Actors.Sandboxes.Launcher;

/// <summary>
/// One running sandbox seen from outside: the zygote's two pipes, and its death.
/// The seam at which tests put a scripted zygote in the place of bubblewrap.
/// </summary>
public interface ISandboxProcess : IAsyncDisposable
{
    /// <summary>Frames to the zygote (runtimes/PROTOCOL.md).</summary>
    PipeWriter Input { get; }

    /// <summary>Frames from the zygote. Reading is what lets the zygote write: nobody reads, the script stalls.</summary>
    PipeReader Output { get; }

    /// <summary>Whether the zygote has written what nobody has read yet. For when nothing is being read.</summary>
    bool HasUnread { get; }

    /// <summary>Completes when no process of the sandbox is left, with what its stderr said; never faults.</summary>
    Task<SandboxExit> Exited { get; }

    /// <summary>Kills every process of the sandbox; safe to call twice and after death. Death is told by <see cref="Exited"/>.</summary>
    void Kill();

    /// <summary>How many of its processes the kernel has killed for memory since it started: one of the <see cref="Counters"/>, for those who need no other.</summary>
    long OomKills { get; }

    /// <summary>How much processor time they have taken since it started: another one of the <see cref="Counters"/>.</summary>
    TimeSpan CpuUsed { get; }

    /// <summary>What the kernel has counted for this sandbox since it started.</summary>
    KernelCounters Counters { get; }

    /// <summary>The memory that its processes hold for themselves now, files not counted; 0 when the kernel does not say.</summary>
    long MemoryBytes { get; }

    /// <summary>The host's user id that it runs under, as the kernel says; null once it is gone.</summary>
    long? HostUid { get; }
}
