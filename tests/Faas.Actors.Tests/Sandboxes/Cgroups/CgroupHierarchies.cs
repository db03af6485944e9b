using Faas.Actors.Linux;
using Faas.Actors.Sandboxes.Cgroups;

namespace Faas.Actors.Tests.Sandboxes.Cgroups;

/// <summary>
/// A folder plays the kernel's cgroup file systems. Its directories hold ordinary files, with which rmdir(2) refuses them
/// as it refuses the kernel's while processes are in them; to take the files out is to let the last process end.
/// </summary>
public abstract class CgroupHierarchies : OwnFolder
{
    internal static SandboxLimits Limits { get; } = new(64 << 20, 0.5, 32);

    /// <summary>What mountinfo says of it.</summary>
    internal CgroupMounts Mounts(params string[] controllers) =>
        CgroupMounts.Parse(controllers.Select(controller => $"1 1 0:1 / {MakeFolder(controller)} rw - {(controller == "unified" ? "cgroup2" : "cgroup")} none rw,{controller}"));

    /// <summary>A server that is root, on a machine without systemd, at the top of the hierarchy.</summary>
    internal static OwnCgroup Root { get; } = new("/", true, false, _ => false, _ => true);

    /// <summary>The directory of this server's sandbox in a hierarchy.</summary>
    protected string DirectoryOf(string controller, string sandbox = "") => Path.Combine(Folder, controller, "faas", ServerIdentity.Own, sandbox);

    /// <summary>A file of it.</summary>
    protected string Read(string controller, string sandbox, string file) => File.ReadAllText(Path.Combine(DirectoryOf(controller, sandbox), file));

    /// <summary>Takes the files out of a sandbox's directory.</summary>
    protected void Empty(string controller, string sandbox)
    {
        foreach (var file in Directory.GetFiles(DirectoryOf(controller, sandbox)))
        {
            File.Delete(file);
        }
    }

    /// <summary>Opens a driver while what it puts into its probe's directories is taken out again, as no process ever was in them.</summary>
    protected T WithKernel<T>(Func<T> open, params string[] controllers)
    {
        var opening = Task.Run(open);
        while (!opening.IsCompleted)
        {
            if (File.Exists(Path.Combine(DirectoryOf(controllers[^1], "probe"), "pids.max"))) // what is written last
            {
                Array.ForEach(controllers, controller => Empty(controller, "probe"));
                break;
            }

            Thread.Yield();
        }

        return opening.GetAwaiter().GetResult();
    }
}
