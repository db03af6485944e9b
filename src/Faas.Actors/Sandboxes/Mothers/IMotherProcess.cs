using Faas.Actors.Sandboxes.Launcher;

namespace Faas.Actors.Sandboxes.Mothers;

/// <summary>A mother's process. Tests put a scripted one in its place.</summary>
public interface IMotherProcess : IAsyncDisposable
{
    /// <summary>Completes when she and every sandbox in her pid namespace are dead. Never faults.</summary>
    Task<SandboxExit> Exited { get; }

    /// <summary>
    /// The memory in bytes that is charged to her, without files: her own, and the kernel's and her children's before they came into
    /// their cgroups; 0 when the kernel does not say.
    /// </summary>
    long MemoryBytes { get; }

    /// <summary>
    /// Begins to tell what she says and what happens to her, from any thread, except her death. To be called once, before
    /// <see cref="Send"/>.
    /// </summary>
    void Listen(Action<MotherEvent> report);

    /// <summary>Sends her a line (<see cref="MotherOrder"/>). It never blocks, and does nothing once she is dead.</summary>
    void Send(string order);

    /// <summary>Kills her and does not wait for her end. It may be called twice, and after her death.</summary>
    void Kill();
}
