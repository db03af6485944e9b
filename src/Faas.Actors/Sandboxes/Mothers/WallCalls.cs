using System.Globalization;
using System.Text;
using Faas.Actors.Linux;
using static Faas.Actors.Sandboxes.Mothers.CallArgument;

namespace Faas.Actors.Sandboxes.Mothers;

/// <summary>
/// The system calls by which a mother's child builds the walls of a sandbox. They are the counterpart of the launch line of
/// bubblewrap (<see cref="Bubblewrap.BubblewrapCommand"/>), and each wall there has its calls here. Pure functions.
///
/// Theory of operation: the child starts as a fork of the mother, who is root of a user namespace of her own, and as process 1 of a
/// new pid namespace. It makes /proc while it is still in the mother's user namespace: in a user namespace of its own, the kernel
/// would refuse a /proc beside the mother's, which is not fully visible there. It becomes the sandbox's user and enters new
/// namespaces, where it has all capabilities and uses them to mount what the sandbox sees. Then it waits for the server, which moves
/// it into the sandbox's cgroups. Only after that does it enter a cgroup namespace, whose root is the sandbox's own cgroup, and give
/// up every right for good.
/// Source: clone(2), user_namespaces(7), mount(2), fsopen(2), prctl(2), seccomp(2).
/// </summary>
public static class WallCalls
{
    private const int UidInside = 1000;
    private const int HighestCapability = 63; // capabilities(7): a set has 64 bits
    private const long ShmBytes = 16L << 20;

    // clone(2)
    private const long NewMountNamespace = 0x20000;
    private const long NewCgroupNamespace = 0x2000000;
    private const long NewUtsNamespace = 0x4000000;
    private const long NewIpcNamespace = 0x8000000;
    private const long NewUserNamespace = 0x10000000;
    private const long NewPidNamespace = 0x20000000;
    private const long NewNetworkNamespace = 0x40000000;

    // mount(2)
    private const long ReadOnly = 1;
    private const long NoSetuid = 2;
    private const long NoDevices = 4;
    private const long NoExecution = 8;
    private const long Remount = 32;
    private const long Bind = 4096;
    private const long Recursive = 16384;
    private const long Slave = 1 << 19;

    // The numbers of these system calls are the same on every architecture.
    private const int MoveMount = 429;
    private const int FsOpen = 430;
    private const int FsConfig = 431;
    private const int FsMount = 432;
    private const int CloseOnExecOfFs = 1; // FSOPEN_CLOEXEC, FSMOUNT_CLOEXEC
    private const int CreateFilesystem = 6; // FSCONFIG_CMD_CREATE
    private const int EmptySourcePath = 4; // MOVE_MOUNT_F_EMPTY_PATH
    private const int WorkingFolder = -100; // AT_FDCWD

    // prctl(2)
    private const int SetParentDeathSignal = 1;
    private const int SetDumpable = 4;
    private const int SetSeccomp = 22;
    private const int DropFromBoundingSet = 24;
    private const int SetNoNewPrivileges = 38;
    private const int AmbientCapabilities = 47;
    private const int ClearAll = 4; // PR_CAP_AMBIENT_CLEAR_ALL
    private const int FilterMode = 2; // SECCOMP_MODE_FILTER

    private const int Kill = 9;
    private const int InternetFamily = 2;
    private const int Datagram = 2 | 0x80000; // SOCK_DGRAM | SOCK_CLOEXEC
    private const int SetInterfaceFlags = 0x8914; // SIOCSIFFLAGS
    private const int UpAndRunning = 0x41; // IFF_UP | IFF_RUNNING

    /// <summary>The name under which an order gives the child's user, as the mother's user namespace numbers it.</summary>
    public const string Slot = "slot";

    /// <summary>The name under which an order gives the line that maps the child's user.</summary>
    public const string Map = "map";

    /// <summary>The name under which an order gives the options with which the child mounts its /tmp.</summary>
    public const string Tmp = "tmp";

    /// <summary>The name under which an order gives the limit on the size of a file, as a struct rlimit.</summary>
    public const string Files = "files";

    private static readonly Given s_files = new(Files);
    private static readonly Given s_tmp = new(Tmp);
    private static readonly Given s_slot = new(Slot);
    private static readonly Given s_map = new(Map);

    /// <summary>
    /// The line that maps a child's user to the sandbox's user. Source: user_namespaces(7), "User and group ID mappings".
    /// </summary>
    public static string UserMap(int slot) => string.Create(CultureInfo.InvariantCulture, $"{UidInside} {slot} 1\n");

    /// <summary>The options of a /tmp of this size (tmpfs(5)).</summary>
    public static string TmpOptions(long bytes) => string.Create(CultureInfo.InvariantCulture, $"mode=0755,size={bytes}");

    /// <summary>The calls of the mother before each fork.</summary>
    public static IReadOnlyList<SystemCall> BeforeFork()
    {
        var calls = new CallList();
        calls.Add(
            "return to the mother's own pid namespace, the only one that allows the next call",
            "setns",
            new Given("ownPidNamespace"),
            NewPidNamespace);
        calls.Add("make the next child process 1 of a new pid namespace", "unshare", NewPidNamespace);
        return calls.Calls;
    }

    /// <summary>The calls of the child.</summary>
    /// <param name="pids">The limit on processes of the child's user; null where other sandboxes have the same user.</param>
    /// <param name="lastCapability">The kernel's highest capability (/proc/sys/kernel/cap_last_cap).</param>
    public static IReadOnlyList<SystemCall> InChild(int? pids, int lastCapability)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lastCapability, HighestCapability);
        var calls = new CallList();
        calls.Add("leave the mother's session", "setsid");
        var proc = MakeProc(calls);
        EnterNamespaces(calls, proc);
        Mount(calls, proc);
        calls.Add("have the sandbox's name", "sethostname", "sandbox", "sandbox".Length);
        BringUpLoopback(calls);
        calls.Add("limit the size of a file", "setrlimit", (int)Resource.FileBytes, s_files);
        if (pids is { } most)
        {
            calls.Add("limit the processes of the user", "setrlimit", (int)Resource.Processes, Limit(most));
        }

        calls.Add("wait until the server has moved this process into its cgroups", "read", 0, new Memory(new byte[8]), 1);
        calls.Add("hide where the cgroups are", "unshare", NewCgroupNamespace);
        GiveUpRights(calls, lastCapability);
        return calls.Calls;
    }

    private static CallArgument MakeProc(CallList calls)
    {
        const string why = "make a /proc of the new pid namespace";
        var context = calls.Add(why, "syscall", FsOpen, "proc", CloseOnExecOfFs);
        calls.Add(why, "syscall", FsConfig, context, CreateFilesystem, 0, 0, 0);
        var proc = calls.Add(why, "syscall", FsMount, context, CloseOnExecOfFs, NoSetuid | NoDevices | NoExecution);
        calls.Add(why, "close", context);
        return proc;
    }

    private static void EnterNamespaces(CallList calls, CallArgument proc)
    {
        calls.Add("become the sandbox's group", "setresgid", s_slot, s_slot, s_slot);
        calls.Add("become the sandbox's user", "setresuid", s_slot, s_slot, s_slot);
        calls.Add("own the files of /proc/self, to write the maps", "prctl", SetDumpable, 1);
        calls.Add(
            "enter namespaces of the sandbox's own",
            "unshare",
            NewUserNamespace | NewMountNamespace | NewNetworkNamespace | NewIpcNamespace | NewUtsNamespace);
        calls.WriteFile("give up setgroups(2), which a map of groups needs", proc, "self/setgroups", "deny");
        calls.WriteFile("map the user", proc, "self/uid_map", s_map);
        calls.WriteFile("map the group", proc, "self/gid_map", s_map);
        calls.WriteFile("forbid user namespaces inside, which would bring new capabilities", proc, "sys/user/max_user_namespaces", "0");
    }

    private static void Mount(CallList calls, CallArgument proc)
    {
        calls.Add("keep mounts to the sandbox", "mount", 0, "/", 0, Recursive | Slave);
        calls.Add("show the sandbox's own processes in /proc", "syscall", MoveMount, proc, "", WorkingFolder, "/proc", EmptySourcePath);
        calls.Add("let go of /proc", "close", proc);

        // A process that can write there can run code as the host's root.
        const string sysctl = "make /proc/sys read-only";
        calls.Add(sysctl, "mount", "/proc/sys", "/proc/sys", 0, Bind | Recursive);
        calls.Add(sysctl, "mount", 0, "/proc/sys", 0, Bind | Remount | ReadOnly | NoSetuid | NoDevices | NoExecution);

        calls.Add(
            "have terminals of the sandbox's own",
            "mount",
            "devpts",
            "/dev/pts",
            "devpts",
            NoSetuid | NoExecution,
            "newinstance,ptmxmode=0666,mode=620");
        calls.Add("have a fresh /dev/shm", "mount", "tmpfs", "/dev/shm", "tmpfs", NoSetuid | NoDevices, $"mode=0755,size={ShmBytes}");
        calls.Add(
            "have a fresh /tmp, which covers the mother's with the meeting place",
            "mount",
            "tmpfs",
            "/tmp",
            "tmpfs",
            NoSetuid | NoDevices,
            s_tmp);
        calls.Add("start in /tmp", "chdir", "/tmp");
    }

    private static void BringUpLoopback(CallList calls)
    {
        const string why = "bring the loopback interface up";
        var request = new byte[40]; // struct ifreq: 16 bytes of name, then the flags
        Encoding.ASCII.GetBytes("lo").CopyTo(request, 0);
        request[16] = UpAndRunning;
        var socket = calls.Add(why, "socket", InternetFamily, Datagram, 0);
        calls.Add(why, "ioctl", socket, SetInterfaceFlags, new Memory(request));
        calls.Add(why, "close", socket);
    }

    private static void GiveUpRights(CallList calls, int lastCapability)
    {
        for (var capability = 0; capability <= lastCapability; capability++)
        {
            calls.Add("give up a capability for good", "prctl", DropFromBoundingSet, capability);
        }

        calls.Add("give up ambient capabilities", "prctl", AmbientCapabilities, ClearAll);

        // struct __user_cap_header_struct of version 3, and three empty sets of 64 bits.
        byte[] header = [0x22, 0x05, 0x08, 0x20, 0, 0, 0, 0];
        calls.Add("give up all capabilities", "capset", new Memory(header), new Memory(new byte[24]));
        calls.Add("die with the mother", "prctl", SetParentDeathSignal, Kill);
        calls.Add("close /proc/self to the sandbox's user", "prctl", SetDumpable, 0);
        calls.Add("gain no rights by a program", "prctl", SetNoNewPrivileges, 1);
        calls.Add("allow only the calls of the filter", "prctl", SetSeccomp, FilterMode, new Given("filter"));
    }

    /// <summary>A struct rlimit (setrlimit(2)).</summary>
    internal static Memory Limit(long most)
    {
        var both = new byte[16]; // struct rlimit: soft and hard
        BitConverter.TryWriteBytes(both, most);
        BitConverter.TryWriteBytes(both.AsSpan(8), most);
        return new Memory(both);
    }
}
