using static Faas.Actors.Sandboxes.Launch.LibSeccomp;

namespace Faas.Actors.Sandboxes.Launch;

/// <summary>
/// The system calls that a sandbox may not make.
///
/// Theory of operation: the rules are compiled once, to a program in the kernel's classic BPF, into a file that
/// bubblewrap loads (<c>--seccomp</c>) after it has made the sandbox and before it starts the runtime. Foreign
/// architectures' calls are killed by libseccomp's default. What is not named is allowed.
/// </summary>
public static class SeccompFilter
{
    private const int Eperm = 1;
    private const int Enosys = 38;
    private const int Eafnosupport = 97;
    private const ulong Low32 = 0xffff_ffff;

    // Kernel surface that no script needs and that exploits live on.
    private static readonly string[] s_forbidden =
    [
        "acct", "add_key", "bpf", "chroot", "delete_module", "finit_module", "fsconfig", "fsmount", "fsopen", "fspick", "init_module",
        "ioperm", "iopl", "kexec_file_load", "kexec_load", "keyctl", "lookup_dcookie", "mount", "mount_setattr", "move_mount",
        "name_to_handle_at", "open_by_handle_at", "open_tree", "perf_event_open", "pivot_root", "process_vm_readv", "process_vm_writev",
        "ptrace", "quotactl", "reboot", "request_key", "setns", "swapoff", "swapon", "syslog", "umount2", "unshare", "userfaultfd",
    ];

    // Answered as by an older kernel, so that libraries fall back: clone3's flags lie in memory that a filter cannot see.
    private static readonly string[] s_unknown = ["clone3", "io_uring_enter", "io_uring_register", "io_uring_setup"];

    // What they make lives in the sandbox's IPC namespace, not in a process: it would outlive the invocation.
    private static readonly string[] s_lasting = ["mq_open", "msgget", "semget", "shmget"];

    // Calls that change another process's standing, and their argument that names it; 0 is the caller. The zygote has
    // the script's user id, and what changes it changes every later invocation.
    private static readonly (string Name, uint Who)[] s_meddling =
    [
        ("ioprio_set", 1), ("sched_setaffinity", 0), ("sched_setattr", 0), ("sched_setparam", 0), ("sched_setscheduler", 0), ("setpriority", 1),
    ];

    // CLONE_NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET, NEWNS, NEWTIME of clone(2).
    private static readonly ulong[] s_namespaces = [0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000, 0x00020000, 0x00000080];

    // AF_UNIX, AF_INET, AF_INET6 and AF_NETLINK of socket(2) stay; the highest that Linux 6 knows is 45.
    private static readonly ulong[] s_families = [1, 2, 10, 16];
    private const ulong HighestFamily = 45;
    private const ulong Netlink = 16;

    /// <summary>Writes the filter for this machine. Throws <see cref="SandboxStartException"/> when libseccomp is missing or refuses.</summary>
    public static void Write(string path)
    {
        try
        {
            var filter = Init(Allow);
            try
            {
                AddRules(filter);
                using var file = new FileStream(path, FileMode.Create, FileAccess.Write);
                Check(Export(filter, (int)file.SafeFileHandle.DangerousGetHandle()), "export");
            }
            finally
            {
                Release(filter);
            }
        }
        catch (DllNotFoundException missing)
        {
            throw new SandboxStartException("libseccomp.so.2 is missing; install libseccomp2 (Debian, Ubuntu) or libseccomp (Fedora, Arch).", missing);
        }
    }

    private static void AddRules(nint filter)
    {
        // V8 asks that its heap be left out of forks. The forked child then has none; so the request is taken and ignored.
        Add(filter, Errno(0), "madvise", Is(2, 10 /* MADV_DONTFORK */));

        foreach (var name in s_forbidden)
        {
            Add(filter, Errno(Eperm), name);
        }

        foreach (var name in s_unknown.Concat(s_lasting))
        {
            Add(filter, Errno(Enosys), name);
        }

        foreach (var (name, who) in s_meddling)
        {
            Add(filter, Errno(Eperm), name, Not(who, 0));
        }

        Add(filter, Errno(Eperm), "prlimit64", Not(0, 0), Not(2, 0)); // reading another's limits stays

        foreach (var flag in s_namespaces)
        {
            Add(filter, Errno(Eperm), "clone", new Comparison { Argument = 0, Operator = MaskedEqual, First = flag, Second = flag });
        }

        for (var family = 0ul; family <= HighestFamily; family++)
        {
            if (!s_families.Contains(family))
            {
                Add(filter, Errno(Eafnosupport), "socket", Is(0, family));
            }
        }

        Add(filter, Errno(Eafnosupport), "socket", new Comparison { Argument = 0, Operator = Greater, First = HighestFamily });
        for (var protocol = 1ul; protocol <= 31; protocol++)
        {
            Add(filter, Errno(Eafnosupport), "socket", Is(0, Netlink), Is(2, protocol));
        }

        // Typing into, and reconfiguring, whoever's terminal it may be.
        Add(filter, Errno(Eperm), "ioctl", Is(1, 0x5412 /* TIOCSTI */));
        Add(filter, Errno(Eperm), "ioctl", Is(1, 0x541c /* TIOCLINUX */));
    }

    // The kernel looks at 32 bits of these; whatever a caller leaves in the upper half must not slip by.
    private static Comparison Is(uint argument, ulong value) => new() { Argument = argument, Operator = MaskedEqual, First = Low32, Second = value };

    private static Comparison Not(uint argument, ulong value) => new() { Argument = argument, Operator = NotEqual, First = value };

    private static void Add(nint filter, uint action, string name, params Comparison[] comparisons)
    {
        var number = Resolve(name);
        if (number >= 0)
        {
            Check(AddRule(filter, action, number, (uint)comparisons.Length, comparisons), name);
        }
    }

    private static void Check(int result, string what)
    {
        if (result < 0)
        {
            throw new SandboxStartException($"libseccomp refused the rule for {what}: error {-result}.");
        }
    }
}
