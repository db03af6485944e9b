using Faas.Actors.Runs;

namespace Faas.Actors.Sandboxes.Launcher;

/// <summary>Starts sandboxes. Tests put a launcher without bubblewrap in its place.</summary>
public interface ISandboxLauncher
{
    /// <summary>
    /// Starts a sandbox of this image, with its runtime's zygote in it. Does not wait for its READY frame.
    /// Throws <see cref="SandboxStartException"/> when it cannot even be spawned.
    /// </summary>
    Task<ISandboxProcess> StartAsync(ImageKey image, CancellationToken cancellation);
}
