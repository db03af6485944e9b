using System.Globalization;
using Faas.Actors.Linux;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Images;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Scripts;

namespace Faas.Actors.Sandboxes.Bubblewrap;

/// <summary>
/// The launch line: the one place that says what a sandbox may see and do. A pure function; a comment beside each flag gives
/// the reason for it.
///
/// Theory of operation: a constant shell script comes first, because .NET can give a child neither a cgroup nor a descriptor.
/// The shell enters the cgroups. It waits for the line of input by which the server tells that it has set the resource limits
/// (<see cref="BubblewrapSpawn"/>). It opens the seccomp filter and becomes the command that follows. Every variable text is a
/// positional argument, so the shell never parses one. (Where systemd makes the cgroup, systemd-run comes in front, and then
/// env, which removes the variables that systemd-run needs.) Then, as root, setpriv gives up root for a user that owns nothing
/// on the host, and bubblewrap builds the walls. Each program in the line costs some milliseconds to start, so the server sets
/// the limits itself and not by prlimit(1). <see cref="LaunchScript"/> has the part in front of bubblewrap's own arguments.
/// </summary>
public static class BubblewrapCommand
{
    /// <summary>The path of the runtime's folder inside the sandbox.</summary>
    public const string RuntimeInside = "/faas";

    /// <summary>The folder inside that has the folders of an image's libraries, numbered from 1.</summary>
    public const string PackagesInside = "/packages";

    private const string NodeModulesInside = $"/{LibraryImage.NodeModules}";

    // In front of every other folder of PATH: `node` and `python3` are the runtimes' own.
    private const string NodeInside = $"{SandboxEnvironment.RuntimePrograms}/node";
    private const string PythonInside = $"{SandboxEnvironment.RuntimePrograms}/python3";

    /// <summary>The file of a runtime that serves a sandbox, without its end.</summary>
    public const string Zygote = "zygote";

    private const int UidInside = 1000;
    private const int OpenFiles = 1024;
    private const long ShmBytes = 16L << 20;
    private const long PageBytes = 4096;

    /// <summary>The launch line of one sandbox: a program and its arguments.</summary>
    /// <param name="plan">The launch.</param>
    /// <param name="file">The file of the runtime that process 1 runs, without its end.</param>
    public static IReadOnlyList<string> Build(LaunchPlan plan, string file = Zygote) =>
    [
        .. plan.Prefix,
        .. LaunchScript.Enter(plan, LaunchScript.Exec),
        .. Walls(plan),
        "--",
        .. RuntimeOf(plan, file),
    ];

    /// <summary>The limits on what cgroups do not count.</summary>
    public static IReadOnlyList<ResourceLimit> Limits(LaunchPlan plan) =>
    [
        new(Resource.OpenFiles, OpenFiles),

        // A limit of 1 keeps the kernel from piping a core to a program of the host; a limit of 0 does not (core(5)).
        new(Resource.CoreBytes, 1),

        FileLimit(plan.TmpBytes),

        // The kernel counts processes per host user, so this limit is right only where the user belongs to the sandbox alone.
        .. plan.Uid is null ? (ResourceLimit[])[] : [new(Resource.Processes, plan.Pids)],
    ];

    /// <summary>
    /// The limit on the size of a file. A file with holes takes no memory, but a program that reads or copies it does. The page more than
    /// the larger tmpfs lets a full one say that it is full (ENOSPC).
    /// </summary>
    internal static ResourceLimit FileLimit(long tmpBytes) => new(Resource.FileBytes, Math.Max(tmpBytes, ShmBytes) + PageBytes);

    private static IEnumerable<string> Walls(LaunchPlan plan)
    {
        yield return "--unshare-user"; // a capability inside is no capability on the host
        yield return "--unshare-ipc";
        yield return "--unshare-pid";
        yield return "--unshare-net"; // the only network interface is a new loopback
        yield return "--unshare-uts";
        yield return "--unshare-cgroup-try";
        if (plan.HasDisableUserns)
        {
            yield return "--disable-userns"; // without new namespaces a process inside cannot get new capabilities
        }

        foreach (var argument in (string[])
        [
            "--uid", Text(UidInside), "--gid", Text(UidInside),
            "--hostname", "sandbox",
            "--cap-drop", "ALL",
            "--as-pid-1", // the zygote reaps and kills all other processes, which only process 1 can
            "--die-with-parent", // a server that dies by SIGKILL leaves no sandbox behind
            "--new-session", // a process inside cannot reach the server's terminal
            "--seccomp", Text(LaunchScript.SeccompDescriptor),
            .. Environment(),
            .. Files(plan),
        ])
        {
            yield return argument;
        }
    }

    /// <summary>The variables that every process of a sandbox has.</summary>
    internal static IEnumerable<string> Environment() =>
    [
        "--clearenv",
        .. SandboxEnvironment.Variables.SelectMany(variable => (string[])["--setenv", variable.Key, variable.Value]),
    ];

    /// <summary>The programs and libraries that every sandbox sees, all read-only.</summary>
    internal static IEnumerable<string> Programs(LaunchPlan plan) =>
    [
        "--ro-bind", "/usr", "/usr",
        .. plan.UsrLinks.SelectMany(link => (string[])["--symlink", link.Target, link.Path]),
        .. plan.RootFolders.SelectMany(folder => (string[])["--ro-bind", folder, folder]),
        "--ro-bind", plan.Etc, "/etc",
        "--ro-bind", plan.Zygote, RuntimeInside,
        "--perms", "0755", "--dir", SandboxEnvironment.RuntimePrograms, // bubblewrap would make it for its own user alone
        "--ro-bind", plan.Node, NodeInside,
        "--symlink", plan.Python, PythonInside,
        .. Packages(plan),
        "--perms", "0755", "--dir", LayerMount.Inside, // for a layer, later
    ];

    // node looks for the packages of every file in /node_modules, and that is one folder. Python takes any folders, as arguments.
    private static IEnumerable<string> Packages(LaunchPlan plan) =>
        plan.Packages.Count == 0 ? []
        : plan.Runtime == Runtime.Node ? ["--ro-bind", Path.Combine(plan.Packages[0], LibraryImage.NodeModules), NodeModulesInside]
        :
        [
            "--perms", "0755", "--dir", PackagesInside,
            .. plan.Packages.SelectMany((folder, index) => (string[])["--ro-bind", folder, PackagesOf(index)]),
        ];

    /// <summary>An empty folder in memory.</summary>
    internal static IEnumerable<string> Tmpfs(LaunchPlan plan, long bytes, string path) => plan.HasSize
        ? ["--size", Text(bytes), "--tmpfs", path]
        : ["--tmpfs", path];

    /// <summary>The interpreter with its flags, and the file of the runtime that it runs.</summary>
    internal static IEnumerable<string> RuntimeOf(LaunchPlan plan, string file) => plan.Runtime switch
    {
        // The files zygote.mjs and zygote.py explain the flags.
        Runtime.Node =>
        [
            NodeInside,
            "--no-warnings", "--experimental-ffi", "--v8-pool-size=0", "--single-threaded", "--disable-sigusr1",
            $"--max-heap-size={NodeHeap.Megabytes(plan.MemoryBytes)}",
            $"{RuntimeInside}/{file}.mjs",
            .. Libraries(plan),
        ],
        _ =>
        [
            plan.Python, "-I", "-S", "-E", "-B", "-X", "frozen_modules=on", "-X", "utf8",
            $"{RuntimeInside}/{file}.py",
            .. Libraries(plan),
        ],
    };

    private static IEnumerable<string> Libraries(LaunchPlan plan) =>
    [
        .. plan.Runtime == Runtime.Node ? (string[])[] : plan.Packages.Select((_, index) => $"--packages={PackagesOf(index)}"),
        .. plan.Preload.Select(module => $"--preload={module}"),
    ];

    private static string PackagesOf(int index) => $"{PackagesInside}/{Text(index + 1)}";

    private static IEnumerable<string> Files(LaunchPlan plan) =>
    [
        .. Programs(plan),
        .. plan.Further.SelectMany(further => (string[])["--ro-bind", further.Source, further.Inside]),
        "--proc", "/proc",
        "--ro-bind", "/proc/sys", "/proc/sys", // a process that can write there can run code as the host's root
        "--dev", "/dev",
        .. Tmpfs(plan, ShmBytes, "/dev/shm"),
        "--remount-ro", "/dev",
        .. Tmpfs(plan, plan.TmpBytes, "/tmp"),
        "--remount-ro", "/", // the root is a tmpfs too, which could fill half of the machine's memory
        "--chdir", "/tmp",
    ];

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
