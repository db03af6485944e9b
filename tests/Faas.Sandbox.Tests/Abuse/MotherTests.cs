using static Faas.Sandbox.Tests.Abuse.Attempt;

namespace Faas.Sandbox.Tests.Abuse;

/// <summary>
/// Reaching the mother that a sandbox was forked from, or what she has. A sandbox that bubblewrap has built has none, and must give the
/// same answers.
/// </summary>
[Collection(nameof(AbuseServers))]
public sealed class MotherTests(AbuseServers abuse)
{
    private static readonly Attempt[] s_attempts =
    [
        Python(
            "the socket at which her children call",
            """
            import socket
            def call_at(path):
                with socket.socket(socket.AF_UNIX) as caller:
                    caller.connect(path)
            return each(lambda path: no(lambda: call_at(path)), ['/tmp/server', '/tmp/meeting/server', '/proc/1/root/tmp/meeting/server', '/proc/self/root/tmp/meeting/server', '/proc/1/cwd/meeting/server'])
            """,
            "= [\"ENOENT\",\"EACCES\"]|= [\"EACCES\",\"ENOENT\"]"),
        Python(
            "what lies below the sandbox's own /tmp",
            """
            path = ctypes.create_string_buffer(b'/tmp')
            tmp = ctypes.addressof(path)
            return [call((166, 39), tmp, 2), call((165, 40), tmp, tmp, tmp, 0x4000, 0), call(429, 3, tmp, -100, tmp, 4), call(428, -100, tmp, 1)]
            """,
            "= [\"EPERM\",\"EPERM\",\"EPERM\",\"EPERM\"]"),
        Python(
            "a process that is not the sandbox's own",
            """
            import signal
            above = open('/proc/1/status').read().split('PPid:')[1].split()[0]
            seen = sorted(int(name) for name in os.listdir('/proc') if name.isdigit())
            return [above, len(open('/proc/1/status').read().split('NSpid:')[1].split('\n')[0].split()), 'faas-mother' in str([open(f'/proc/{pid}/comm').read() for pid in seen])]
            """,
            "= [\"0\",1,false]"),
        Python(
            "user namespaces",
            "return [no(lambda: open('/proc/sys/user/max_user_namespaces', 'w')), call((272, 97), 0x10000000), call((56, 220), 0x10000011, 0, 0, 0, 0)]",
            "= [\"EROFS\",\"EPERM\",\"EPERM\"]|= [\"EACCES\",\"EPERM\",\"EPERM\"]"),
        Python(
            "her user, and every other one",
            "return each(lambda user: no(lambda: os.setresuid(user, user, user)), [0, 1, 2, 999, 1001, 65534, 4200000])",
            "= [\"EINVAL\"]|= [\"EINVAL\",\"EPERM\"]|= [\"EPERM\",\"EINVAL\"]"),
        Python(
            "the map of its own user namespace",
            "return each(lambda name: no(lambda: os.write(os.open('/proc/self/' + name, os.O_WRONLY), b'0 0 1\\n')), ['uid_map', 'gid_map', 'setgroups'])",
            "= [\"EPERM\"]|= [\"EPERM\",\"EACCES\"]|= [\"EACCES\"]|= [\"EACCES\",\"EPERM\"]"),
        Python(
            "processes above its own, by signals, traces and their memory",
            """
            import signal
            room = ctypes.create_string_buffer(8)
            vector = (ctypes.c_size_t * 2)(ctypes.addressof(room), 8)
            here = ctypes.addressof(vector)
            others = [pid for pid in range(1, 300) if pid not in (1, os.getpid())]
            signals = each(lambda pid: no(lambda: os.kill(pid, 19)), others)
            groups = each(lambda pid: no(lambda: os.killpg(pid, 19)), others)
            traces = each(lambda pid: call((101, 117), 0x4206, pid), others)
            memory = each(lambda pid: call((310, 270), pid, here, 1, here, 1), others)
            return [signals, groups, traces, memory, no(lambda: os.pidfd_open(0))]
            """,
            "= [[\"ESRCH\"],[\"ESRCH\"],[\"EPERM\"],[\"EPERM\"],\"EINVAL\"]"),
        Python(
            "the files of process 1, which was a part of her once",
            """
            names = ['root', 'cwd', 'exe', 'fd', 'fdinfo', 'map_files', 'ns/pid_for_children', 'ns/mnt', 'ns/user', 'mem', 'environ', 'maps', 'auxv', 'stack', 'task/1/mem']
            answers = set()
            for name in names:
                path = '/proc/1/' + name
                answers.add(no(lambda: os.readlink(path)) if name in ('root', 'cwd', 'exe') or name.startswith('ns/') else no(lambda: os.listdir(path)) if name in ('fd', 'fdinfo', 'map_files') else no(lambda: open(path, 'rb').read(1)))
            return sorted(answers - {'ENOENT'})
            """,
            "= [\"EACCES\"]|= [\"EACCES\",\"EPERM\"]"),
        Python(
            "the capabilities that its process had while it built its walls",
            """
            header = ctypes.create_string_buffer(bytes([0x22, 0x05, 0x08, 0x20, 0, 0, 0, 0]), 8)
            sets = ctypes.create_string_buffer(b'\xff' * 24, 24)
            seen = [line.split()[1] for line in open('/proc/self/status') if line.startswith('Cap')]
            ambient = each(lambda capability: told(libc.prctl(47, 2, capability, 0, 0)), range(41))
            bounding = each(lambda capability: libc.prctl(23, capability, 0, 0, 0), range(41))
            return [call((126, 91), ctypes.addressof(header), ctypes.addressof(sets)), sorted(set(seen)), ambient, bounding, told(libc.prctl(28, 0x2f, 0, 0, 0))]
            """,
            "= [\"EPERM\",[\"0000000000000000\"],[\"EPERM\"],[0],\"EPERM\"]"),
        Python(
            "her mounts, by new ones, by handles and by another root",
            """
            slash = ctypes.create_string_buffer(b'/')
            here = ctypes.addressof(slash)
            return [call((155, 41), here, here), call((161, 51), here), call((304, 265), 3, here, 0), call(442, 3, here, 0, 0, 0), call((166, 39), here, 2),
                    no(lambda: os.mkdir('/new')), no(lambda: os.mkdir('/dev/new')), no(lambda: os.rmdir('/tmp'))]
            """,
            "= [\"EPERM\",\"EPERM\",\"EPERM\",\"EPERM\",\"EPERM\",\"EROFS\",\"EROFS\",\"EROFS\"]"),
        Python(
            "sockets that she or the server could have",
            """
            import socket
            rows = open('/proc/net/unix').read().split('\n')[1:-1]
            names = [row.split()[7] for row in rows if len(row.split()) > 7]
            return [names, no(lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 16)), no(lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW)), no(lambda: socket.socket(40, socket.SOCK_STREAM))]
            """,
            "= [[],\"EAFNOSUPPORT\",\"EAFNOSUPPORT\",\"EAFNOSUPPORT\"]|= [[],\"EPERM\",\"EPERM\",\"EPERM\"]"),
        Python(
            "another cgroup, by a move and by a mount",
            """
            name = ctypes.create_string_buffer(b'cgroup2')
            tmp = ctypes.create_string_buffer(b'/tmp')
            return [call((165, 40), ctypes.addressof(name), ctypes.addressof(tmp), ctypes.addressof(name), 0, 0), call((272, 97), 0x2000000),
                    sorted(line.split()[2] for line in open('/proc/self/mounts') if 'cgroup' in line.split()[2])]
            """,
            "= [\"EPERM\",\"EPERM\",[]]"),
        Python(
            "cgroups",
            "return [sorted({line.split(':')[2] for line in open('/proc/self/cgroup').read().split()}), no(lambda: os.listdir('/sys/fs/cgroup'))]",
            "= [[\"/\"],\"ENOENT\"]"),
    ];

    /// <summary>All of them.</summary>
    internal static IReadOnlyList<Attempt> All => s_attempts;

    public static TheoryData<string> Attempts => NamesOf(s_attempts);

    [Theory]
    [MemberData(nameof(Attempts))]
    public Task Nobody_reaches(string what) => abuse.ProveAsync(s_attempts, what);
}
