using System.IO.Pipelines;
using System.Net.Sockets;

namespace Faas.Actors.Sandboxes.Launcher;

/// <summary>
/// One running sandbox seen from outside: the zygote's two pipes, the kernel's counters, and the sandbox's death. Tests put a
/// scripted zygote in its place.
/// </summary>
public interface ISandboxProcess : IAsyncDisposable
{
    /// <summary>Frames to the zygote (runtimes/PROTOCOL.md).</summary>
    PipeWriter Input { get; }

    /// <summary>Frames from the zygote. While the server does not read, the pipe fills up and the script's writes block.</summary>
    PipeReader Output { get; }

    /// <summary>Whether the pipe from the zygote holds bytes. Meaningful only while <see cref="Output"/> is not being read.</summary>
    bool HasUnread { get; }

    /// <summary>Completes when no process of the sandbox is left. Never faults.</summary>
    Task<SandboxExit> Exited { get; }

    /// <summary>
    /// Kills every process of the sandbox and does not wait for their end, which completes <see cref="Exited"/>. It may be called
    /// twice, and after the sandbox's death.
    /// </summary>
    void Kill();

    /// <summary>
    /// The processes of this sandbox that the kernel has killed for memory. Cheaper to read than all <see cref="Counters"/>.
    /// </summary>
    long OomKills { get; }

    /// <summary>The processor time that this sandbox has used. Cheaper to read than all <see cref="Counters"/>.</summary>
    TimeSpan CpuUsed { get; }

    /// <summary>What the kernel has counted for this sandbox since its start.</summary>
    KernelCounters Counters { get; }

    /// <summary>The memory of this sandbox's processes in bytes, without files; 0 when the kernel does not say.</summary>
    long MemoryBytes { get; }

    /// <summary>
    /// Lowers the limit on this sandbox's memory. Throws <see cref="IOException"/> when more than that is used, or the sandbox is gone.
    /// </summary>
    /// <param name="bytes">The new limit.</param>
    void LowerMemory(long bytes);

    /// <summary>
    /// Sets the limits on memory, processors and processes anew. Throws <see cref="IOException"/> when the sandbox is gone, or uses more
    /// memory than it may.
    /// </summary>
    /// <param name="limits">The new limits.</param>
    Task SetLimitsAsync(SandboxLimits limits);

    /// <summary>
    /// A socket that listens on 127.0.0.1 in the sandbox, where nothing else can connect to it. It is the caller's. Throws
    /// <see cref="IOException"/>, which says why it cannot be had. Call it when the runtime is ready, and before the script runs.
    /// </summary>
    /// <param name="port">The port.</param>
    Task<Socket> ListenAsync(ushort port);

    /// <summary>
    /// Shows a folder of the host in the sandbox, read-only, at <see cref="Runs.LayerMount.Inside"/>. Throws <see cref="IOException"/>,
    /// which says why it cannot be shown. Call it once, when the runtime is ready and before the script is there.
    /// </summary>
    /// <param name="folder">The folder, an absolute path. Every user of the host must be able to read what is in it.</param>
    Task AttachAsync(string folder);

    /// <summary>The host user that this sandbox runs as, according to the kernel; null once the sandbox is dead.</summary>
    long? HostUid { get; }
}
