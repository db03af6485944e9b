using System.ComponentModel;
using Faas.Actors.Runs;
using Faas.Actors.Sandboxes.Cgroups;
using Faas.Actors.Sandboxes.Launcher;

namespace Faas.Actors.Sandboxes.Bubblewrap;

/// <summary>
/// Starts each sandbox as a program of its own: bubblewrap builds the walls, and an interpreter starts in them. It works wherever
/// bubblewrap does, and costs the start of an interpreter for each sandbox.
/// </summary>
/// <param name="site">What is prepared on the machine.</param>
public sealed class ExecLauncher(LaunchSite site) : ISandboxLauncher
{
    /// <inheritdoc/>
    public async Task<ISandboxProcess> StartAsync(ImageKey image, CancellationToken cancellation)
    {
        var uid = site.Uids?.Take();
        ISandboxCgroup? cgroup = null;
        try
        {
            cgroup = await site.MakeCgroupAsync(site.NextName());
            var plan = site.Plan(image, uid, cgroup);
            return await site.Spawner.RunAsync(() => Spawn(plan, cgroup, uid), cancellation);
        }
        catch (Exception failure)
        {
            if (cgroup is not null)
            {
                await cgroup.RemoveAsync();
            }

            site.Release(uid);
            if (failure is IOException or UnauthorizedAccessException or Win32Exception)
            {
                throw new SandboxStartException($"No sandbox can be started: {failure.Message}", failure);
            }

            throw;
        }
    }

    private ExecSandbox Spawn(LaunchPlan plan, ISandboxCgroup cgroup, long? uid)
    {
        var process = BubblewrapSpawn.Start(BubblewrapCommand.Build(plan), BubblewrapCommand.Limits(plan), cgroup.Prefix.Environment);
        return new ExecSandbox(process, cgroup, site.Listener, () => site.Release(uid));
    }
}
