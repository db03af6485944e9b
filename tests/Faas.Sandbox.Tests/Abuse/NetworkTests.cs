using static Faas.Sandbox.Tests.Abuse.Attempt;

namespace Faas.Sandbox.Tests.Abuse;

/// <summary>
/// Speaking to anybody. Whatever would leave the machine is tried only where there is nothing but a loopback: with a wall
/// that is broken, these fail at the first line and nothing is sent.
/// </summary>
[Collection(nameof(AbuseServers))]
public sealed class NetworkTests(AbuseServers abuse)
{
    private const string WithoutAWayOut = """
        import socket
        if [name for _, name in socket.if_nameindex()] != ['lo'] or len(open('/proc/net/route').readlines()) > 1: return 'there is a way out'

        """;

    private const string WithoutAWayOutInNode = """
        if (Object.keys(require('os').networkInterfaces()).some((name) => name !== 'lo') || fs.readFileSync('/proc/net/route', 'utf8').trim().split('\n').length > 1) return 'there is a way out';

        """;

    private static readonly Attempt[] s_attempts =
    [
        Python(
            "another machine",
            WithoutAWayOut + "return each(lambda host: no(lambda: socket.create_connection((host, 80), 1)), ['192.0.2.1', '198.51.100.7'])",
            "= [\"ENETUNREACH\"]"),
        Python(
            "another machine, by IPv6",
            WithoutAWayOut + "return no(lambda: socket.socket(socket.AF_INET6).connect(('2001:db8::1', 80)))",
            "= \"ENETUNREACH\"|= \"EADDRNOTAVAIL\""),
        Python(
            "another machine, by datagrams",
            WithoutAWayOut + "return no(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 53)))",
            "= \"ENETUNREACH\""),
        JavaScript(
            "another machine, by fetch",
            WithoutAWayOutInNode + "return await fetch('http://192.0.2.1/').then(() => 'done', (error) => error.cause.code);",
            "= \"ENETUNREACH\""),
        Python(
            "a cloud's metadata",
            WithoutAWayOut + "return no(lambda: socket.create_connection(('169.254.169.254', 80), 1))",
            "= \"ENETUNREACH\""),
        Python(
            "the name of another machine",
            WithoutAWayOut + "try:\n    return socket.getaddrinfo('example.com', 80)\nexcept socket.gaierror:\n    return 'unknown'",
            "= \"unknown\""),
        JavaScript(
            "the name of another machine, in node",
            WithoutAWayOutInNode + "return await require('dns').promises.lookup('example.com').then(() => 'done', (error) => error.syscall);",
            "= \"getaddrinfo\""),
        Python(
            "the server, and its store",
            "import socket\nreturn each(lambda port: no(lambda: socket.create_connection(('127.0.0.1', port), 1)), [event['port'], 6379, 22])",
            "= [\"ECONNREFUSED\"]"),
        JavaScript(
            "the server, by fetch",
            "return await fetch(`http://127.0.0.1:${event.port}/healthz`).then(() => 'done', (error) => error.cause.code);",
            "= \"ECONNREFUSED\""),
        Python(
            "an abstract socket of the host",
            "import socket\nreturn no(lambda: socket.socket(socket.AF_UNIX).connect('\\0' + event['socket']))",
            "= \"ECONNREFUSED\""),
        Python(
            "the server's place",
            "import socket\nserver = socket.create_server(('127.0.0.1', event['port']))\nreturn 'its own'",
            "= \"its own\"",
            "= \"its own\""),
        Python(
            "families that nobody speaks",
            "import socket\nreturn each(lambda family: no(lambda: socket.socket(family, socket.SOCK_SEQPACKET)), [f for f in range(60) if f not in (1, 2, 10, 16)])",
            "= [\"EAFNOSUPPORT\"]"),
        Python(
            "pairs of families that nobody speaks",
            "pair = (ctypes.c_int * 2)()\nreturn each(lambda family: told(libc.socketpair(family, 5, 0, pair)), range(2, 60))",
            "= [\"EAFNOSUPPORT\"]"),
        Python(
            "raw packets",
            "import socket\nreturn [no(lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)), no(lambda: socket.socket(socket.AF_INET6, socket.SOCK_RAW, 58)), no(lambda: socket.socket(17, socket.SOCK_RAW))]",
            "= [\"EPERM\",\"EPERM\",\"EAFNOSUPPORT\"]"),
        Python(
            "protocols whose modules the kernel would load",
            "import socket\nreturn each(lambda protocol: no(lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM, protocol)), [33, 132, 136, 262])",
            "= [\"ENOSYS\"]"),
        Python(
            "the kernel's own subsystems",
            "import socket\nreturn each(lambda protocol: no(lambda: socket.socket(16, socket.SOCK_RAW, protocol)), range(1, 32))",
            "= [\"EAFNOSUPPORT\"]"),
        Python("a route of its own", """
            import socket, struct
            netlink = socket.socket(16, socket.SOCK_RAW, 0)
            up = struct.pack('=BxHiII', 0, 0, 1, 0, 1)
            netlink.send(struct.pack('=IHHII', 16 + len(up), 16, 5, 1, 0) + up)
            return errno.errorcode[-struct.unpack_from('=i', netlink.recv(1 << 12), 16)[0]]
            """, "= \"EPERM\""),
        JavaScript("whoever listens on the host's loopback", """
            const { connect } = require('net');
            const answers = new Set();
            for (let port = 1; port < 65536; port += 97) answers.add(await new Promise((resolve) => connect(port, '127.0.0.1').on('connect', function () { resolve(this.localPort === port ? 'ECONNREFUSED' : port); }).on('error', (error) => resolve(error.code))));
            return [...answers];
            """, "= [\"ECONNREFUSED\"]"),
    ];

    /// <summary>Those that speak no HTTP, so that a proxy must make no difference to them.</summary>
    internal static IEnumerable<Attempt> WithoutHttp { get; } =
    [
        .. s_attempts.Where(attempt => attempt.What is "another machine" or "another machine, by IPv6" or "another machine, by datagrams"
            or "a cloud's metadata" or "the name of another machine" or "the server, and its store" or "an abstract socket of the host"
            or "raw packets" or "a route of its own" or "whoever listens on the host's loopback"),
    ];

    /// <summary>What is tried.</summary>
    public static TheoryData<string> Attempts => NamesOf(s_attempts);

    [Theory]
    [MemberData(nameof(Attempts))]
    public Task Nobody_speaks_to(string what) => abuse.ProveAsync(s_attempts, what);
}
