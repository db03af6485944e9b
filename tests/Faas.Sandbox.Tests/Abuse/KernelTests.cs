using static Faas.Sandbox.Tests.Abuse.Attempt;

namespace Faas.Sandbox.Tests.Abuse;

/// <summary>Parts of the kernel that no script needs, and that exploits live on.</summary>
[Collection(nameof(AbuseServers))]
public sealed class KernelTests(AbuseServers abuse)
{
    private static readonly Attempt[] s_attempts =
    [
        Python(
            "new namespaces by unshare",
            "return each(lambda flag: told(libc.unshare(flag)), [0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000])",
            "= [\"EPERM\"]"),
        Python(
            "new namespaces by clone",
            "return each(lambda flag: call((56, 220), flag | 17), [0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000])",
            "= [\"EPERM\"]"),
        Python("new namespaces by clone3", "return call(435)", "= \"ENOSYS\""),
        Python(
            "another's namespaces",
            "return [told(libc.setns(os.open('/proc/self/ns/net', os.O_RDONLY), 0)), told(libc.setns(os.pidfd_open(1), 0x10000000))]",
            "= [\"EPERM\",\"EPERM\"]"),
        Python("mounts, old and new", "return each(call, [(165, 40), (166, 39), 428, 429, 430, 431, 432, 433, 442])", "= [\"EPERM\"]"),
        Python("io_uring", "return each(call, [425, 426, 427])", "= [\"ENOSYS\"]"),
        Python(
            "programs in the kernel, and its faults and counters",
            "return each(call, [(321, 280), (323, 282), (298, 241)])",
            "= [\"EPERM\"]"),
        Python("keyrings", "return [call((250, 219), 0, -3, 1), call((248, 217)), call((249, 218))]", "= [\"EPERM\",\"EPERM\",\"EPERM\"]"),
        Python(
            "modules, kernels and the machine's switch",
            "return each(call, [(175, 105), (313, 273), (176, 106), (246, 104), (169, 142)])",
            "= [\"EPERM\"]"),
        Python(
            "swap, accounting, quotas and the kernel's log",
            "return each(call, [(167, 224), (168, 225), (163, 89), (179, 60), (103, 116)])",
            "= [\"EPERM\"]"),
        Python(
            "asynchronous and secret memory, fanotify, foreign personalities",
            "return each(call, [(206, 0), 447, (300, 262), (135, 92), (278, 75), (237, 235), (256, 238)])",
            "= [\"ENOSYS\"]"),
        Python(
            "the clock and the host's name",
            "return each(call, [(164, 170), (159, 171), (227, 112), (170, 161), (171, 162), (162, 81)])",
            "= [\"ENOSYS\"]"),
        Python("calls that are not made yet", "return each(call, range(470, 1000))", "= [\"ENOSYS\"]"),
        Python(
            "calls of a foreign kind",
            "if os.uname().machine == 'aarch64': os.kill(os.getpid(), 31)\nlibc.syscall(ctypes.c_long(0x40000000 | 39))\nreturn 'done'",
            "signal"),
        JavaScript("new namespaces, from node", """
            const { dlopen, getInt32 } = require('node:ffi');
            const { unshare, setns, __errno_location } = dlopen(null, {
              unshare: { return: 'i32', arguments: ['i32'] }, setns: { return: 'i32', arguments: ['i32', 'i32'] }, __errno_location: { return: 'pointer', arguments: [] } }).functions;
            return [unshare(0x10000000), getInt32(__errno_location()), setns(0, 0), getInt32(__errno_location())];
            """, "= [-1,1,-1,1]"),
    ];

    /// <summary>All attempts.</summary>
    internal static IReadOnlyList<Attempt> All => s_attempts;

    /// <summary>What is tried.</summary>
    public static TheoryData<string> Attempts => NamesOf(s_attempts);

    [Theory]
    [MemberData(nameof(Attempts))]
    public Task Nobody_asks_the_kernel_for(string what) => abuse.ProveAsync(s_attempts, what);
}
