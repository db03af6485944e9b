using System.Globalization;
using Faas.Actors.Linux;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Scripts;

namespace Faas.Actors.Sandboxes.Bubblewrap;

/// <summary>
/// The launch line: the one place that says what a sandbox may see and do. Pure; each flag stands with its reason.
///
/// Theory of operation: a constant shell script comes first, because .NET can hand a child neither a cgroup nor a
/// descriptor. It puts itself into the cgroups, waits for the line by which the server says that it has given it its
/// resource limits (<see cref="BubblewrapSpawn"/>), opens the seccomp filter and becomes what follows; everything variable
/// is a positional argument, nothing is ever parsed. (Where systemd makes the cgroup its systemd-run comes before, and
/// then env, which takes away what that needs in its environment.) Then, as root, setpriv gives up root for a user that
/// owns nothing on the host, and bubblewrap builds the walls. Each program in the line costs its own start, some
/// milliseconds: hence no prlimit(1).
/// </summary>
public static class BubblewrapCommand
{
    /// <summary>Where the runtime's folder is inside.</summary>
    public const string RuntimeInside = "/faas";

    private const string NodeInside = "/faas-node";
    private const int SeccompDescriptor = 9;
    private const int UidInside = 1000;
    private const int OpenFiles = 1024;
    private const long ShmBytes = 16L << 20;

    // $1…: cgroup.procs files, up to --; then the filter; then the command.
    private const string Script =
        "while [ \"$1\" != -- ]; do echo $$ > \"$1\" || exit 125; shift; done; read -r go || exit 125; exec 9<\"$2\" || exit 125; shift 2; exec \"$@\"";

    /// <summary>The program and its arguments.</summary>
    public static IReadOnlyList<string> Build(LaunchPlan plan) =>
    [
        .. plan.Prefix,
        "/bin/sh", "-c", Script, "faas",
        .. plan.ProcsFiles,
        "--",
        plan.Filter,
        .. AsNobodyOfTheHost(plan),
        plan.Bubblewrap,
        .. Walls(plan),
        "--",
        .. RuntimeOf(plan),
    ];

    /// <summary>What cgroups do not count.</summary>
    public static IReadOnlyList<ResourceLimit> Limits(LaunchPlan plan) =>
    [
        new(Resource.OpenFiles, OpenFiles),
        new(Resource.CoreBytes, 1), // not 0, which does not keep the kernel from piping a core to a host program; 1 does (core(5))
        .. plan.Uid is null ? (ResourceLimit[])[] : [new(Resource.Processes, plan.Pids)], // per host user: only where the user is the sandbox's own
    ];

    // Never host root inside, whatever the user namespace calls it: root may write /proc/sys.
    private static IEnumerable<string> AsNobodyOfTheHost(LaunchPlan plan) => plan.Uid is { } uid
        ?
        [
            "setpriv",
            "--reuid", Text(uid),
            "--regid", Text(uid),
            "--clear-groups",
            "--no-new-privs",
            "--inh-caps=-all",
            "--bounding-set=-all",
            "--",
        ]
        : [];

    private static IEnumerable<string> Walls(LaunchPlan plan)
    {
        yield return "--unshare-user"; // no capability on the host, whatever happens inside
        yield return "--unshare-ipc";
        yield return "--unshare-pid";
        yield return "--unshare-net"; // a loopback of its own and nothing else
        yield return "--unshare-uts";
        yield return "--unshare-cgroup-try";
        if (plan.HasDisableUserns)
        {
            yield return "--disable-userns"; // no new namespaces, hence no new capabilities, for anyone inside
        }

        foreach (var argument in (string[])
        [
            "--uid", Text(UidInside), "--gid", Text(UidInside),
            "--hostname", "sandbox",
            "--cap-drop", "ALL",
            "--as-pid-1", // the zygote reaps and kills all others, which only process 1 can
            "--die-with-parent", // kill -9 of the server leaves nothing behind
            "--new-session", // no way to the server's terminal
            "--seccomp", Text(SeccompDescriptor),
            "--clearenv",
        ])
        {
            yield return argument;
        }

        foreach (var (name, value) in SandboxEnvironment.Variables)
        {
            yield return "--setenv";
            yield return name;
            yield return value;
        }

        foreach (var argument in Files(plan))
        {
            yield return argument;
        }
    }

    private static IEnumerable<string> Files(LaunchPlan plan) =>
    [
        "--ro-bind", "/usr", "/usr",
        .. plan.UsrLinks.SelectMany(link => (string[])["--symlink", link.Target, link.Path]),
        .. plan.RootFolders.SelectMany(folder => (string[])["--ro-bind", folder, folder]),
        "--ro-bind", plan.Etc, "/etc",
        "--ro-bind", plan.Zygote, RuntimeInside,
        .. plan.Runtime == Runtime.Node ? (string[])["--ro-bind", plan.Node, NodeInside] : [],
        "--proc", "/proc",
        "--ro-bind", "/proc/sys", "/proc/sys", // writable, it is a way to run code as the host's root
        "--dev", "/dev",
        .. Tmpfs(plan, ShmBytes, "/dev/shm"),
        "--remount-ro", "/dev",
        .. Tmpfs(plan, plan.TmpBytes, "/tmp"),
        "--remount-ro", "/", // itself a tmpfs of half the machine's memory
        "--chdir", "/tmp",
    ];

    private static IEnumerable<string> Tmpfs(LaunchPlan plan, long bytes, string path) => plan.HasSize
        ? ["--size", Text(bytes), "--tmpfs", path]
        : ["--tmpfs", path];

    private static IEnumerable<string> RuntimeOf(LaunchPlan plan) => plan.Runtime switch
    {
        // See the heads of the zygotes for their flags. The heap's own limit is set to the sandbox's, so that it is
        // the kernel that ends a script which outgrows it, and the kernel's counter that says so.
        Runtime.Node =>
        [
            NodeInside,
            "--no-warnings", "--experimental-ffi", "--v8-pool-size=0", "--single-threaded", "--disable-sigusr1",
            $"--max-old-space-size={Math.Max(32, plan.MemoryBytes >> 20)}",
            $"{RuntimeInside}/zygote.mjs",
        ],
        _ => [plan.Python, "-I", "-S", "-E", "-B", "-X", "frozen_modules=on", "-X", "utf8", $"{RuntimeInside}/zygote.py"],
    };

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
