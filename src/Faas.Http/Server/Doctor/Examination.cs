using Faas.Actors.Sandboxes.Bubblewrap;
using Faas.Actors.Sandboxes.Doctor;
using Faas.Actors.Sandboxes.Launcher;

namespace Faas.Http.Server.Doctor;

/// <summary>
/// <c>faas-server doctor</c>: tries the walls of both launches, whichever the settings name, and prints a table for each.
/// </summary>
public static class Examination
{
    /// <summary>Returns whether a server with these settings would start.</summary>
    /// <param name="site">What is prepared on the machine.</param>
    /// <param name="fork">Starts sandboxes as forks.</param>
    /// <param name="output">Where the tables go.</param>
    /// <param name="stop">Ends the trials.</param>
    public static async Task<bool> RunAsync(LaunchSite site, ISandboxLauncher fork, TextWriter output, CancellationToken stop)
    {
        var byFork = await TryAsync("fork", fork, site, output, stop);
        var byExec = await TryAsync("exec", new ExecLauncher(site), site, output, stop);
        await output.WriteLineAsync(LaunchSite.MayListenInSandboxes
            ? "Versions may ask for hosts (network): the proxy can listen in sandboxes."
            : "No version may ask for hosts (network): to listen in sandboxes, the server must run as root, on Linux 5.8 or later.");
        return site.Options.Launch switch
        {
            LaunchMode.Fork => byFork,
            LaunchMode.Exec => byExec,
            _ => byFork || byExec,
        };
    }

    private static async Task<bool> TryAsync(
        string launch, ISandboxLauncher launcher, LaunchSite site, TextWriter output, CancellationToken stop)
    {
        IReadOnlyList<WallCheck> checks =
        [
            .. await new WallProbe(launcher, site.Options).RunAsync(stop),
            .. await new LibraryProbe(launcher, site.Options).RunAsync(stop),
        ];
        await output.WriteAsync($"Launch by {launch}:\n{DoctorTable.Format(checks, site.Limits)}");
        return checks.All(check => check.Fault is null);
    }
}
