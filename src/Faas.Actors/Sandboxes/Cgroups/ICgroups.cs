using Faas.Actors.Sandboxes.Launcher;

namespace Faas.Actors.Sandboxes.Cgroups;

/// <summary>
/// A driver: it makes the kernel limit sandboxes. A server has one, and any thread may use it. Disposing of the driver removes
/// what the driver made on the machine; no sandbox may be left by then.
/// </summary>
public interface ICgroups : IAsyncDisposable
{
    /// <summary>The driver's name in the start line: <c>cgroup v1</c>.</summary>
    string Name { get; }

    /// <summary>
    /// Makes the limits of one sandbox. Leaves nothing behind when it fails, with <see cref="IOException"/> or
    /// <see cref="UnauthorizedAccessException"/>.
    /// </summary>
    /// <param name="sandbox">A name that no other living sandbox of this server has.</param>
    /// <param name="limits">The limits; null: those of every sandbox.</param>
    ISandboxCgroup Create(string sandbox, SandboxLimits? limits = null);
}
