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
            "cgroups",
            "return [sorted({line.split(':')[2] for line in open('/proc/self/cgroup').read().split()}), no(lambda: os.listdir('/sys/fs/cgroup'))]",
            "= [[\"/\"],\"ENOENT\"]"),
    ];

    public static TheoryData<string> Attempts => NamesOf(s_attempts);

    [Theory]
    [MemberData(nameof(Attempts))]
    public Task Nobody_reaches(string what) => abuse.ProveAsync(s_attempts, what);
}
