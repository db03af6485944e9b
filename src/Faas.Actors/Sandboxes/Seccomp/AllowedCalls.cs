namespace Faas.Actors.Sandboxes.Seccomp;

/// <summary>
/// The system calls that a sandbox may make with any arguments, grouped by their use in node, CPython, glibc, a shell, coreutils and
/// ordinary scripts. A name that an architecture does not have is skipped, so one list serves x86-64 and arm64. The calls whose
/// arguments matter are in <see cref="SeccompFilter"/>.
/// Source: syscalls(2) and the pages that it names.
/// </summary>
internal static class AllowedCalls
{
    /// <summary>Groups of names, each with the reason why its calls are allowed.</summary>
    public static IReadOnlyList<(string Reason, string[] Names)> Groups { get; } =
    [
        ("Reading and writing descriptors. Not vmsplice, which pins memory, and not sync and syncfs, which write the whole host's caches.",
        [
            "close", "close_range", "copy_file_range", "dup", "dup2", "dup3", "fadvise64", "fallocate", "fcntl", "fdatasync", "flock",
            "fsync", "ftruncate", "lseek", "memfd_create", "pipe", "pipe2", "pread64", "preadv", "preadv2", "pwrite64", "pwritev",
            "pwritev2", "read", "readahead", "readv", "sendfile", "splice", "sync_file_range", "tee", "truncate", "write", "writev",
        ]),
        ("Names in the file system, and metadata of files. mknod makes FIFOs; to make a device it needs a capability that is gone inside.",
        [
            "access", "chdir", "chmod", "chown", "creat", "faccessat", "faccessat2", "fchdir", "fchmod", "fchmodat", "fchmodat2",
            "fchown", "fchownat", "fgetxattr", "flistxattr", "fremovexattr", "fsetxattr", "fstat", "fstatfs", "futimesat", "getcwd",
            "getdents", "getdents64", "getxattr", "lchown", "lgetxattr", "link", "linkat", "listxattr", "llistxattr", "lremovexattr",
            "lsetxattr", "lstat", "mkdir", "mkdirat", "mknod", "mknodat", "newfstatat", "open", "openat", "openat2", "readlink",
            "readlinkat", "removexattr", "rename", "renameat", "renameat2", "rmdir", "setxattr", "stat", "statfs", "statx", "symlink",
            "symlinkat", "umask", "unlink", "unlinkat", "utime", "utimensat", "utimes",
        ]),
        ("Watching files: fs.watch of node.", ["inotify_add_watch", "inotify_init", "inotify_init1", "inotify_rm_watch"]),
        ("The process's own memory. V8 uses pkey_*, and glibc uses map_shadow_stack.",
        [
            "brk", "map_shadow_stack", "membarrier", "mincore", "mlock", "mlock2", "mlockall", "mmap", "mprotect", "mremap", "msync",
            "munlock", "munlockall", "munmap", "pkey_alloc", "pkey_free", "pkey_mprotect",
        ]),
        ("Starting and ending processes, and waiting for them.",
        [
            "arch_prctl", "execve", "execveat", "exit", "exit_group", "fork", "getpgid", "getpgrp", "getpid", "getppid", "getsid",
            "gettid", "pidfd_open", "prctl", "set_tid_address", "setpgid", "setsid", "vfork", "wait4", "waitid",
        ]),
        ("Threads, and locks between them.",
        [
            "futex", "futex_requeue", "futex_wait", "futex_waitv", "futex_wake", "get_robust_list", "rseq", "sched_yield",
            "set_robust_list",
        ]),
        ("Signals. A signal to the zygote has no effect, because the zygote is process 1.",
        [
            "kill", "pause", "pidfd_send_signal", "restart_syscall", "rt_sigaction", "rt_sigpending", "rt_sigprocmask", "rt_sigqueueinfo",
            "rt_sigreturn", "rt_sigsuspend", "rt_sigtimedwait", "rt_tgsigqueueinfo", "sigaltstack", "tgkill", "tkill",
        ]),
        ("The process's identity. No process inside has a capability or a second user id, so it cannot take another identity.",
        [
            "capget", "capset", "getegid", "geteuid", "getgid", "getgroups", "getresgid", "getresuid", "getuid", "setfsgid", "setfsuid",
            "setgid", "setgroups", "setregid", "setresgid", "setresuid", "setreuid", "setuid",
        ]),
        ("Reading clocks, and waiting. Not the calls that set a clock.",
        [
            "alarm", "clock_getres", "clock_gettime", "clock_nanosleep", "getitimer", "gettimeofday", "nanosleep", "setitimer", "time",
            "timer_create", "timer_delete", "timer_getoverrun", "timer_gettime", "timer_settime", "timerfd_create", "timerfd_gettime",
            "timerfd_settime", "times",
        ]),
        ("Waiting for descriptors. Not io_uring, and not io_setup, because the host has one count of its contexts for all users.",
        [
            "epoll_create", "epoll_create1", "epoll_ctl", "epoll_pwait", "epoll_pwait2", "epoll_wait", "eventfd", "eventfd2", "poll",
            "ppoll", "pselect6", "select", "signalfd", "signalfd4",
        ]),
        ("Using sockets. SeccompFilter decides which sockets can be made.",
        [
            "accept", "accept4", "bind", "connect", "getpeername", "getsockname", "getsockopt", "listen", "recvfrom", "recvmmsg",
            "recvmsg", "sendmmsg", "sendmsg", "sendto", "setsockopt", "shutdown",
        ]),
        ("Facts about the machine and the process, and the process's own limits.",
        [
            "getcpu", "getpriority", "getrandom", "getrlimit", "getrusage", "ioprio_get", "sched_get_priority_max",
            "sched_get_priority_min", "sched_getaffinity", "sched_getattr", "sched_getparam", "sched_getscheduler",
            "sched_rr_get_interval", "setrlimit", "sysinfo", "uname",
        ]),
    ];
}
