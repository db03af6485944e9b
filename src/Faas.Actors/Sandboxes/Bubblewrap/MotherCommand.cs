using System.Globalization;
using Faas.Actors.Linux;

namespace Faas.Actors.Sandboxes.Bubblewrap;

/// <summary>
/// The launch line of a mother (runtimes/PROTOCOL.md, "The mother"). A pure function; a comment beside each flag gives the reason for it.
///
/// Theory of operation: a mother sees the files that a sandbox sees, because each child keeps her root folder. In her /tmp she has the
/// meeting place, where her children call on the server; a child covers all of that with a /tmp of its own. The meeting place is a folder
/// in her /tmp and not her /tmp itself: when somebody removes a folder of the host, the kernel takes away what is mounted on that folder,
/// also in other mount namespaces, and so the /tmp of each sandbox (mount_namespaces(7)). She is root of a user namespace that maps only
/// users who own nothing on the host, and she has the four capabilities there that a child needs to build its walls. As root, the server
/// maps those users, which bubblewrap cannot: bubblewrap tells the pid of its child and waits for one byte.
/// </summary>
public static class MotherCommand
{
    /// <summary>How many host users a mother's user namespace maps: she has the first, each of her children another.</summary>
    public const int Users = 1 << 16;

    /// <summary>The folder inside where a mother's children call on the server.</summary>
    public const string MeetingInside = Tmp + "/meeting";

    private const string Tmp = "/tmp";
    private const long FolderBytes = 64L << 10; // of /dev/shm and /tmp, into which she writes nothing
    private const string Mother = "mother";

    /// <summary>The launch line: a program and its arguments.</summary>
    /// <param name="plan">The launch; its filter is that of mothers (<see cref="Seccomp.MotherFilter"/>).</param>
    /// <param name="meetingPlace">The folder on the host where her children call on the server.</param>
    public static IReadOnlyList<string> Build(LaunchPlan plan, string meetingPlace)
    {
        var isMapped = plan.Uid is not null;
        return
        [
            .. plan.Prefix,
            .. LaunchScript.Enter(plan, isMapped ? LaunchScript.ExecMapped : LaunchScript.Exec),
            .. Walls(),
            .. isMapped
                ? (string[])["--userns-block-fd", Text(LaunchScript.MappedDescriptor), "--info-fd", Text(LaunchScript.InfoDescriptor)]
                : [],
            .. BubblewrapCommand.Environment(),
            .. BubblewrapCommand.Programs(plan),
            "--proc", "/proc", // all of it: the kernel allows a child a /proc of its own only beside one that hides nothing
            "--dev", "/dev",
            .. BubblewrapCommand.Tmpfs(plan, FolderBytes, "/dev/shm"),
            "--remount-ro", "/dev",
            .. BubblewrapCommand.Tmpfs(plan, FolderBytes, Tmp),
            "--ro-bind", meetingPlace, MeetingInside,
            "--remount-ro", Tmp,
            "--remount-ro", "/", // the root is a tmpfs too, which could fill half of the machine's memory
            "--chdir", Tmp,
            "--",
            .. BubblewrapCommand.RuntimeOf(plan, Mother),
        ];
    }

    /// <summary>
    /// The limits on what cgroups do not count. Her children inherit them, and add a limit on the processes of their user.
    /// </summary>
    public static IReadOnlyList<ResourceLimit> Limits(LaunchPlan plan) => BubblewrapCommand.Limits(plan with { Uid = null });

    private static IEnumerable<string> Walls() =>
    [
        "--unshare-user", // a capability inside is no capability on the host
        "--unshare-ipc",
        "--unshare-pid",
        "--unshare-net", // the only network interface is a new loopback
        "--unshare-uts",
        "--unshare-cgroup-try",
        "--uid", "0", "--gid", "0", // root of her user namespace, who may map a user for each child
        "--hostname", "mother",
        "--cap-add", "CAP_SYS_ADMIN", // namespaces and mounts
        "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID", // a user for each child
        "--cap-add", "CAP_SETFCAP", // to map root of her user namespace, where the server is an ordinary user
        "--as-pid-1", // when she dies, the kernel kills every sandbox in her pid namespace
        "--die-with-parent", // a server that dies by SIGKILL leaves no mother behind
        "--new-session", // a process inside cannot reach the server's terminal
        "--seccomp", Text(LaunchScript.SeccompDescriptor),
    ];

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
