using static Faas.Sandbox.Tests.Abuse.Attempt;

namespace Faas.Sandbox.Tests.Abuse;

/// <summary>Harming process 1 and the runs after, and outliving one's own.</summary>
[Collection(nameof(AbuseServers))]
public sealed class ProcessTests(AbuseServers abuse)
{
    private static readonly Attempt[] s_attempts =
    [
        Python(
            "every signal to process 1",
            "if event['turn'] == 2: return 'well'\nreturn each(lambda number: no(lambda: os.kill(1, number)), range(1, 65))",
            "= [\"done\"]",
            "= \"well\""),
        JavaScript(
            "every signal to process 1, in node",
            "if (event.turn === 2) return 'well'; for (let s = 1; s < 65; s++) no(() => process.kill(1, s)); no(() => process._debugProcess(1)); return 'sent';",
            "= \"sent\"",
            "= \"well\""),
        Python(
            "signals by process descriptor and by queue",
            "if event['turn'] == 2: return 'well'\nimport signal\nfd = os.pidfd_open(1)\nreturn [no(lambda: signal.pidfd_send_signal(fd, 9)), no(lambda: signal.pidfd_send_signal(fd, 19)), told(libc.sigqueue(1, 19, None))]",
            "= [\"done\",\"done\",\"done\"]",
            "= \"well\""),
        Python(
            "everybody stopped, itself at last",
            "if event['turn'] == 2: return 'well'\nno(lambda: os.kill(-1, 19))\nos.kill(os.getpid(), 19)",
            "timeout",
            "= \"well\""),
        Python(
            "everybody killed",
            "if event['turn'] == 2: return 'well'\nno(lambda: os.kill(-1, 9))\nreturn 'alone'",
            "= \"alone\"",
            "= \"well\""),
        JavaScript(
            "everybody killed, by what it becomes",
            "if (event.turn === 2) return 'well'; process.execve('/bin/sh', ['sh', '-c', 'kill -9 -1; exit 7']);",
            "exit",
            "= \"well\""),
        Python("the memory and the descriptors of process 1", """
            room = ctypes.create_string_buffer(64)
            vector = (ctypes.c_size_t * 2)(ctypes.addressof(room), 64)
            here = ctypes.addressof(vector)
            return [call((101, 117), 16, 1), call((101, 117), 0x4206, 1), call((310, 270), 1, here, 1, here, 1), call((311, 271), 1, here, 1, here, 1),
                    call(438, os.pidfd_open(1), 1), call((312, 272), 1, os.getpid()), call(440, os.pidfd_open(1), here, 1, 4)]
            """, "= [\"EPERM\",\"EPERM\",\"EPERM\",\"EPERM\",\"ENOSYS\",\"ENOSYS\",\"ENOSYS\"]"),
        Python("what process 1 writes to, and what is to be set of it", """
            names = ['fd/0', 'fd/1', 'fd/2', 'mem', 'oom_score_adj', 'comm', 'clear_refs', 'coredump_filter', 'timerslack_ns', 'autogroup', 'sched', 'loginuid', 'uid_map', 'setgroups', 'attr/current']
            return [answer for answer in each(lambda name: no(lambda: os.write(os.open('/proc/1/' + name, os.O_WRONLY), b'1')), names) if answer != 'ENOENT']
            """, "= [\"EACCES\",\"EPERM\"]"),
        JavaScript(
            "what process 1 writes to, in node",
            "return each((fd) => no(() => fs.writeFileSync('/proc/1/fd/' + fd, 'forged')), [0, 1, 2, 3, 4, 5]);",
            "= [\"EACCES\"]"),
        Python("the standing of process 1", """
            import resource
            return [no(lambda: os.setpriority(os.PRIO_PROCESS, 1, 19)), no(lambda: resource.prlimit(1, resource.RLIMIT_NOFILE, (50, 50))),
                    no(lambda: os.sched_setaffinity(1, {0})), no(lambda: os.sched_setscheduler(1, os.SCHED_BATCH, os.sched_param(0))),
                    call((251, 30), 1, 1, 3 << 13), no(lambda: os.setpriority(os.PRIO_USER, os.getuid(), 19))]
            """, "= [\"EPERM\",\"EPERM\",\"EPERM\",\"EPERM\",\"EPERM\",\"EPERM\"]"),
        Python("a standing of its own, to be inherited", """
            import resource
            if event['turn'] == 1:
                os.setpriority(os.PRIO_PROCESS, 0, 19)
                os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
                resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
            return [os.getpriority(os.PRIO_PROCESS, 0) - os.getpriority(os.PRIO_PROCESS, 1) > 0, resource.getrlimit(resource.RLIMIT_NOFILE)[0]]
            """, "= [true,64]", "= [false,1024]"),
        Python(
            "never to be killed for memory",
            "return [no(lambda: open('/proc/self/oom_score_adj', 'w', buffering=1).write('-1000\\n')), no(lambda: open('/proc/1/oom_score_adj', 'w'))]",
            "= [\"EACCES\",\"EACCES\"]"),
        Python("a daemon that nobody waits for", """
            if event['turn'] == 1 and os.fork() == 0:
                os.setsid()
                if os.fork() == 0:
                    import signal, time
                    for number in set(range(1, 65)) - {9, 19, 32, 33}: signal.signal(number, signal.SIG_IGN)
                    while True: time.sleep(1)
                os._exit(0)
            if event['turn'] == 1: os.wait()
            return sum(name.isdigit() for name in os.listdir('/proc'))
            """, "= 3", "= 2"),
        Python("a daemon that is always somebody else", """
            if event['turn'] == 1 and os.fork() == 0:
                while True:
                    if no(os.fork) == 'done': os._exit(0) if os.getpid() % 2 else os.setsid() if os.getpid() != os.getsid(0) else None
            return sum(name.isdigit() for name in os.listdir('/proc')) > 2
            """, "= true", "= false"),
        Python("a daemon under the zygote's own name", """
            if event['turn'] == 1 and os.fork() == 0:
                os.setsid()
                libc.prctl(15, b'faas-waiting', 0, 0, 0)
                import time
                while True: time.sleep(1)
            return sum(name.isdigit() for name in os.listdir('/proc'))
            """, "= 3", "= 2"),
        JavaScript(
            "children that hold its output open",
            "require('child_process').spawn('/bin/sh', ['-c', 'trap \"\" 1 2 15; sleep 60'], { detached: true, stdio: 'inherit' }).unref(); return 'gone';",
            "= \"gone\"",
            "= \"gone\""),
        Python(
            "forty dead children that it does not ask after",
            "for _ in range(40):\n    if os.fork() == 0: os._exit(0)\nreturn 'left'",
            "= \"left\"",
            "= \"left\""),
        Python(
            "a terminal's input",
            "import fcntl, pty\nparent, child = pty.openpty()\nreturn [no(lambda: fcntl.ioctl(child, 0x5412, b'x')), no(lambda: fcntl.ioctl(child, 0x541c, b'x')), no(lambda: os.open('/dev/tty', os.O_RDWR))]",
            "= [\"EPERM\",\"EPERM\",\"ENXIO\"]"),
    ];

    /// <summary>All attempts.</summary>
    internal static IReadOnlyList<Attempt> All => s_attempts;

    /// <summary>What is tried.</summary>
    public static TheoryData<string> Attempts => NamesOf(s_attempts);

    [Theory]
    [MemberData(nameof(Attempts))]
    public Task Nobody_reaches(string what) => abuse.ProveAsync(s_attempts, what);
}
