using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Scripts;

namespace Faas.Sandbox.Tests.Bubblewrap;

[Collection(nameof(LauncherUnderTest))]
public abstract class WallTests(LaunchMode launch)
{
    [Fact]
    public async Task There_is_no_network_but_a_loopback_of_its_own()
    {
        using var tcp = new TcpListener(IPAddress.Loopback, 0);
        tcp.Start();
        var name = $"faas-test-{Path.GetRandomFileName()}";
        using var local = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        local.Bind(new UnixDomainSocketEndPoint($"\0{name}"));
        local.Listen();
        await using var launcher = await LauncherUnderTest.OpenAsync(launch);
        var sandbox = await launcher.StartAsync();

        var data = await sandbox.ReturnAsync($$"""
            import errno, socket
            def connect(family, address):
                try:
                    socket.socket(family, socket.SOCK_STREAM).connect(address)
                    return 'connected'
                except OSError as e:
                    return errno.errorcode[e.errno]
            def packet():
                try:
                    socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
                    return 'opened'
                except OSError as e:
                    return errno.errorcode[e.errno]
            return [
                [name for _, name in socket.if_nameindex()],
                connect(socket.AF_INET, ('127.0.0.1', {{((IPEndPoint)tcp.LocalEndpoint).Port}})),
                connect(socket.AF_INET, ('192.0.2.1', 80)),
                connect(socket.AF_UNIX, '\0{{name}}'),
                packet(),
            ]
            """);

        Assert.Equal(["lo"], data[0].EnumerateArray().Select(link => link.GetString()));
        Assert.Equal(
            ["ECONNREFUSED", "ENETUNREACH", "ECONNREFUSED", "EAFNOSUPPORT"], data.EnumerateArray().Skip(1).Select(end => end.GetString()));
    }

    [Fact]
    public async Task Only_tmp_and_shm_can_be_written()
    {
        await using var launcher = await LauncherUnderTest.OpenAsync(launch);
        var sandbox = await launcher.StartAsync();

        // Tries every folder except those in /proc, and the files of /proc that would be a way out.
        var data = await sandbox.ReturnAsync("""
            import os
            wrote = []
            for top, folders, files in os.walk('/'):
                if top.startswith('/proc') or top.count('/') > 4:
                    folders.clear()
                    continue
                try:
                    path = os.path.join(top, 'faas-test')
                    open(path, 'w').close()
                    os.unlink(path)
                    wrote.append(top)
                except OSError:
                    pass
            for path in ['/proc/sys/kernel/core_pattern', '/proc/sys/kernel/modprobe', '/proc/sys/kernel/hostname', '/proc/sys/vm/drop_caches',
                         '/proc/sysrq-trigger', '/proc/sys/user/max_user_namespaces', '/usr/bin/env', '/etc/passwd', '/faas/zygote.py', '/proc/1/mem']:
                try:
                    with open(path, 'r+') as f:
                        wrote.append(path)
                except OSError:
                    pass
            return sorted(wrote)
            """);

        Assert.Equal(["/dev/shm", "/tmp"], data.EnumerateArray().Select(path => path.GetString()));
    }

    [Fact]
    public async Task Of_the_host_it_sees_programs_and_libraries_and_nothing_else()
    {
        await using var launcher = await LauncherUnderTest.OpenAsync(launch);
        var sandbox = await launcher.StartAsync();

        var data = await sandbox.ReturnAsync(
            "import os, socket\nreturn [os.listdir('/'), socket.gethostname(), [p for p in os.listdir('/proc') if p.isdigit()]]");

        Assert.Empty(data[0].EnumerateArray().Select(name => name.GetString())
            .Except(["usr", "bin", "lib", "lib32", "lib64", "libx32", "sbin", "etc", "faas", "faas-bin", "libraries", "proc", "dev", "tmp"]));
        Assert.Equal("sandbox", data[1].GetString());
        Assert.Equal(2, data[2].GetArrayLength()); // the zygote and the program
    }

    [Theory]
    [InlineData("/tmp", (1 << 20) - 4096)] // a page is the script's
    [InlineData("/dev/shm", 16 << 20)]
    public async Task What_can_be_written_is_bounded(string folder, int bytes)
    {
        await using var launcher = await LauncherUnderTest.OpenAsync(launch, options => options with { TmpBytes = 1 << 20 });
        var sandbox = await launcher.StartAsync();

        var data = await sandbox.ReturnAsync($$"""
            import errno, os
            fd = os.open('{{folder}}/full', os.O_CREAT | os.O_WRONLY)
            written = 0
            try:
                while written < 1 << 28:
                    written += os.write(fd, b'x' * 65536)
                return [written, 'no end']
            except OSError as e:
                return [written, errno.errorcode[e.errno]]
            """);

        Assert.Equal((bytes, "ENOSPC"), (data[0].GetInt32(), data[1].GetString()));
    }

    [Fact]
    public async Task No_namespace_and_no_trace_of_another_process_is_to_be_had()
    {
        await using var launcher = await LauncherUnderTest.OpenAsync(launch);
        var sandbox = await launcher.StartAsync();

        var data = await sandbox.ReturnAsync("""
            import ctypes, errno
            libc = ctypes.CDLL(None, use_errno=True)
            def call(name, *arguments):
                ctypes.set_errno(0)
                return errno.errorcode[ctypes.get_errno()] if getattr(libc, name)(*arguments) == -1 else 'done'
            return [call('unshare', 0x10000000), call('ptrace', 16, 1, 0, 0), call('mount', b'none', b'/tmp', b'tmpfs', 0, None), call('setns', 0, 0)]
            """);

        Assert.Equal(["EPERM", "EPERM", "EPERM", "EPERM"], data.EnumerateArray().Select(end => end.GetString()));
    }

    [Theory]
    [InlineData(
        Runtime.Python,
        "import subprocess\nreturn subprocess.run(['awk', 'BEGIN { print 6 * 7 }'], capture_output=True, text=True, check=True).stdout.strip()")]
    [InlineData(
        Runtime.Node, "return require('child_process').execFileSync('awk', ['BEGIN { print 6 * 7 }'], { encoding: 'utf8' }).trim()")]
    public async Task The_machines_commands_run_also_where_they_are_alternatives(Runtime runtime, string code)
    {
        await using var launcher = await LauncherUnderTest.OpenAsync(launch);
        var sandbox = await launcher.StartAsync(runtime);

        var data = await sandbox.ReturnAsync(code);

        Assert.Equal((JsonValueKind.String, "42"), (data.ValueKind, data.GetString()));
    }
}
