using Akka.Actor;
using Faas.Actors.Sandboxes.Bubblewrap;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Sandboxes.Mothers;
using Faas.Http.Server;

namespace Faas.Bench.Launches;

/// <summary>
/// The server's own launchers in the bench's process, with no server. Their sandboxes must be gone when it is disposed of.
/// </summary>
internal sealed class SandboxLaunchers : IDisposable
{
    private readonly ActorSystem _system = ActorSystem.Create("bench", FaasParts.QuietAkka);

    /// <summary>Lays ready what a server lays ready. Throws <see cref="SandboxStartException"/>.</summary>
    public SandboxLaunchers(SandboxOptions options)
    {
        try
        {
            Site = LaunchSite.OpenAsync(options, CancellationToken.None).GetAwaiter().GetResult();
        }
        catch
        {
            _system.Dispose();
            throw;
        }

        Exec = new ExecLauncher(Site);
        Fork = new ForkLauncher(Site, _system.ActorOf(MothersActor.Props(new MotherLauncher(Site), options)));
    }

    public LaunchSite Site { get; }

    public ISandboxLauncher Exec { get; }

    /// <summary>Starts sandboxes as forks; for a machine where the server does so, too.</summary>
    public ISandboxLauncher Fork { get; }

    public void Dispose()
    {
        _system.Terminate().GetAwaiter().GetResult();
        _system.Dispose();
        Site.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
