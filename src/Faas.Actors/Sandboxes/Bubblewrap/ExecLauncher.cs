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
    public async Task<ISandboxProcess> StartAsync(ImageKey image, CancellationToken cancellation) =>
        await StartAsync(image, BubblewrapCommand.Zygote, limits: null, further: [], cancellation);

    /// <summary>Starts a sandbox in which another file of the runtime is process 1.</summary>
    /// <param name="image">The runtime, and the size of /tmp.</param>
    /// <param name="file">The file, without its end.</param>
    /// <param name="limits">What the sandbox may use; null: what every sandbox may.</param>
    /// <param name="further">Further files and folders that it sees.</param>
    /// <param name="cancellation">Gives up the start.</param>
    internal async Task<ExecSandbox> StartAsync(
        ImageKey image,
        string file,
        SandboxLimits? limits,
        IReadOnlyList<(string Source, string Inside)> further,
        CancellationToken cancellation)
    {
        var uid = site.Uids?.Take();
        ISandboxCgroup? cgroup = null;
        try
        {
            cgroup = await site.MakeCgroupAsync(site.NextName(), limits);
            var plan = site.Plan(image, uid, cgroup) with { Further = further };
            plan = limits is null ? plan : plan with { MemoryBytes = limits.MemoryBytes, Pids = limits.Pids };
            return await site.Spawner.RunAsync(() => Spawn(plan, file, cgroup, uid), cancellation);
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

    private ExecSandbox Spawn(LaunchPlan plan, string file, ISandboxCgroup cgroup, long? uid)
    {
        var process = BubblewrapSpawn.Start(BubblewrapCommand.Build(plan, file), BubblewrapCommand.Limits(plan), cgroup.Prefix.Environment);
        return new ExecSandbox(process, cgroup, site.Visitor, () => site.Release(uid));
    }
}
