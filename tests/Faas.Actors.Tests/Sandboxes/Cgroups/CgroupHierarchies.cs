using Faas.Actors.Linux;
using Faas.Actors.Sandboxes.Cgroups;
using Faas.Actors.Sandboxes.Launcher;

namespace Faas.Actors.Tests.Sandboxes.Cgroups;

/// <summary>
/// A folder in the place of the kernel's cgroup file systems. Its directories hold ordinary files, so rmdir(2) refuses to remove
/// them, as it refuses to remove the kernel's while they have processes. A test that removes the files lets the last process end.
/// </summary>
public abstract class CgroupHierarchies : OwnFolder
{
    internal static SandboxLimits Limits { get; } = new(64 << 20, 0.5, 32);

    /// <summary>The mounts that mountinfo would show.</summary>
    internal CgroupMounts Mounts(params string[] controllers) =>
        CgroupMounts.Parse(controllers.Select(controller =>
        {
            var type = controller == "unified" ? "cgroup2" : "cgroup";
            return $"1 1 0:1 / {MakeFolder(controller)} rw - {type} none rw,{controller}";
        }));

    /// <summary>A server that is root, on a machine without systemd, at the top of the hierarchy.</summary>
    internal static OwnCgroup Root { get; } = new("/", true, false, _ => Task.FromResult(false), _ => true);

    /// <summary>The directory of this server's sandbox in a hierarchy.</summary>
    protected string DirectoryOf(string controller, string sandbox = "") =>
        Path.Combine(Folder, controller, "faas", ServerIdentity.Own, sandbox);

    /// <summary>Reads a file in that directory.</summary>
    protected string Read(string controller, string sandbox, string file) =>
        File.ReadAllText(Path.Combine(DirectoryOf(controller, sandbox), file));

    /// <summary>Removes the files in a sandbox's directory.</summary>
    protected void Empty(string controller, string sandbox)
    {
        foreach (var file in Directory.GetFiles(DirectoryOf(controller, sandbox)))
        {
            File.Delete(file);
        }
    }

    /// <summary>Opens a driver, and removes the files that it writes for its trial, as if the trial's cgroup had no process.</summary>
    protected async Task<T> WithKernelAsync<T>(Func<Task<T>> open, params string[] controllers)
    {
        var opening = Task.Run(open);
        while (!opening.IsCompleted)
        {
            // pids.max is the last file that a driver writes.
            if (File.Exists(Path.Combine(DirectoryOf(controllers[^1], "probe"), "pids.max")))
            {
                Array.ForEach(controllers, controller => Empty(controller, "probe"));
                break;
            }

            await Task.Yield();
        }

        return await opening;
    }
}
