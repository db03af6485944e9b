using Faas.Actors.Runs;
using Faas.Actors.Sandboxes.Launcher;

namespace Faas.Actors.Sandboxes.Mothers;

/// <summary>Starts mothers. Tests put a launcher without bubblewrap in its place.</summary>
public interface IMotherLauncher
{
    /// <summary>
    /// Starts a mother for sandboxes of this image. Does not wait until she is warm. Throws <see cref="SandboxStartException"/> when she
    /// cannot be started.
    /// </summary>
    /// <param name="image">What her sandboxes are.</param>
    /// <param name="cancellation">Ends the start.</param>
    Task<IMotherProcess> StartAsync(ImageKey image, CancellationToken cancellation);
}
