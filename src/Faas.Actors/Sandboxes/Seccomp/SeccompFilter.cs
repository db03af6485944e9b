using Faas.Actors.Sandboxes.Launcher;
using static Faas.Actors.Sandboxes.Seccomp.FilterFile;
using static Faas.Actors.Sandboxes.Seccomp.LibSeccomp;

namespace Faas.Actors.Sandboxes.Seccomp;

/// <summary>
/// The system calls that a sandbox may make.
///
/// Theory of operation: when the server starts, it compiles the rules once to a program in the kernel's classic BPF. Bubblewrap loads
/// that file (<c>--seccomp</c>) after it has made the sandbox and before it starts the runtime. By libseccomp's default, the kernel
/// kills a process that makes a call of another architecture. A call that no rule names fails with ENOSYS, as on an older kernel, so
/// libraries fall back to another call. This holds for clone3, whose flags are in memory that a filter cannot read, for io_uring, for
/// IPC objects (msgget, semget, shmget, mq_open), which would outlive the run, and for every call that Linux adds later. A call that
/// programs expect to be forbidden to an ordinary user fails with EPERM.
///
/// libseccomp tests comparisons of the lower 32 bits (<see cref="Is"/>) before comparisons of all 64 (<see cref="Not"/>). So where both
/// match an argument, the former decides. The tests run the compiled program to check this.
/// </summary>
public static class SeccompFilter
{
    private const int Eperm = 1;
    private const int Enosys = 38;
    private const int Eafnosupport = 97;
    private const ulong Low32 = 0xffff_ffff;
    private const ulong DontFork = 10; // MADV_DONTFORK
    private const ulong TypeIntoTerminal = 0x5412; // TIOCSTI

    // Calls that scripts do not need and that exploits of the kernel often use.
    private static readonly string[] s_forbidden =
    [
        "acct", "add_key", "bpf", "chroot", "delete_module", "finit_module", "fsconfig", "fsmount", "fsopen", "fspick", "init_module",
        "ioperm", "iopl", "kexec_file_load", "kexec_load", "keyctl", "lookup_dcookie", "mount", "mount_setattr", "move_mount",
        "name_to_handle_at", "open_by_handle_at", "open_tree", "perf_event_open", "pivot_root", "process_vm_readv", "process_vm_writev",
        "ptrace", "quotactl", "reboot", "request_key", "setns", "swapoff", "swapon", "syslog", "umount2", "unshare", "userfaultfd",
    ];

    // Calls that can change another process's scheduling, and the argument that names the process; 0 is the caller. The zygote has the
    // same user id as the script, and a change to the zygote would affect every later run.
    private static readonly (string Name, uint Who)[] s_scheduling =
    [
        ("ioprio_set", 1), ("sched_setaffinity", 0), ("sched_setattr", 0), ("sched_setparam", 0), ("sched_setscheduler", 0),
        ("setpriority", 1),
    ];

    // CLONE_NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET, NEWNS, NEWTIME of clone(2).
    private static readonly ulong[] s_namespaces =
        [0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000, 0x00020000, 0x00000080];

    // AF_UNIX, AF_INET, AF_INET6 and AF_NETLINK of socket(2) are allowed. The highest family of Linux 6 is 45.
    private static readonly ulong[] s_families = [Unix, Inet, Inet6, Netlink];
    private const ulong Unix = 1;
    private const ulong Inet = 2;
    private const ulong Inet6 = 10;
    private const ulong Netlink = 16;
    private const ulong HighestFamily = 45;

    // The protocols of internet sockets: the default one, ICMP, TCP, UDP, ICMPv6. For another one (SCTP, DCCP, MPTCP) the kernel would
    // load a module.
    private static readonly ulong[] s_protocols = [0, 1, 6, 17, 58];

    /// <summary>
    /// The argument of madvise(2) by which V8 asks the kernel to leave its heap out of forks. A forked child would have no heap, so filters
    /// answer this call with success and do nothing.
    /// </summary>
    internal static Comparison IsDontFork => Is(2, DontFork);

    /// <summary>
    /// Writes the filter for this machine's architecture. Throws <see cref="SandboxStartException"/> when libseccomp is missing or refuses
    /// a rule.
    /// </summary>
    public static void Write(string path) => FilterFile.Write(path, Errno(Enosys), AddRules);

    private static void AddRules(nint filter)
    {
        Check(SetAttribute(filter, Optimize, BinaryTree), "a binary tree");
        foreach (var name in AllowedCalls.Groups.SelectMany(group => group.Names))
        {
            Add(filter, Allow, name);
        }

        foreach (var name in s_forbidden)
        {
            Add(filter, Errno(Eperm), name);
        }

        AddProcessRules(filter);
        AddSocketRules(filter);

        Add(filter, Errno(0), "madvise", IsDontFork);
        Add(filter, Allow, "madvise", Not(2, DontFork));

        // TIOCSTI and TIOCLINUX can type into a terminal and reconfigure it.
        Add(filter, Errno(Eperm), "ioctl", Is(1, TypeIntoTerminal));
        Add(filter, Errno(Eperm), "ioctl", Is(1, 0x541c /* TIOCLINUX */));
        Add(filter, Allow, "ioctl", Not(1, TypeIntoTerminal));
    }

    private static void AddProcessRules(nint filter)
    {
        foreach (var (name, who) in s_scheduling)
        {
            Add(filter, Allow, name, Is(who, 0));
            Add(filter, Errno(Eperm), name, Not(who, 0));
        }

        // A process may read another process's limits, but not set them.
        Add(filter, Allow, "prlimit64", Is(0, 0));
        Add(filter, Allow, "prlimit64", Not(0, 0), new Comparison { Argument = 2, Operator = Equal });
        Add(filter, Errno(Eperm), "prlimit64", Not(0, 0), Not(2, 0));

        foreach (var flag in s_namespaces)
        {
            Add(filter, Errno(Eperm), "clone", Bits(0, flag, flag));
        }

        Add(filter, Allow, "clone", Bits(0, s_namespaces.Aggregate((all, flag) => all | flag), 0));
    }

    private static void AddSocketRules(nint filter)
    {
        for (var family = 0ul; family <= HighestFamily; family++)
        {
            if (!s_families.Contains(family))
            {
                Add(filter, Errno(Eafnosupport), "socket", Is(0, family));
            }

            if (family != Unix)
            {
                Add(filter, Errno(Eafnosupport), "socketpair", Is(0, family));
            }
        }

        foreach (var name in (string[])["socket", "socketpair"])
        {
            Add(filter, Allow, name, Is(0, Unix));
            Add(filter, Errno(Eafnosupport), name, new Comparison { Argument = 0, Operator = Greater, First = HighestFamily });
        }

        foreach (var protocol in s_protocols)
        {
            Add(filter, Allow, "socket", Is(0, Inet), Is(2, protocol));
            Add(filter, Allow, "socket", Is(0, Inet6), Is(2, protocol));
        }

        Add(filter, Allow, "socket", Is(0, Netlink), Is(2, 0));
        for (var protocol = 1ul; protocol <= 31; protocol++)
        {
            Add(filter, Errno(Eafnosupport), "socket", Is(0, Netlink), Is(2, protocol));
        }
    }

    // The kernel reads only the lower 32 bits of these arguments, so the filter must ignore the upper half as well.
    private static Comparison Is(uint argument, ulong value) => Bits(argument, Low32, value);

    private static Comparison Bits(uint argument, ulong mask, ulong value) =>
        new() { Argument = argument, Operator = MaskedEqual, First = mask, Second = value };

    private static Comparison Not(uint argument, ulong value) => new() { Argument = argument, Operator = NotEqual, First = value };
}
