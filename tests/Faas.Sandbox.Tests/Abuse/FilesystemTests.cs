using static Faas.Sandbox.Tests.Abuse.Attempt;

namespace Faas.Sandbox.Tests.Abuse;

/// <summary>
/// Reading what is not the script's, and writing where it may not. Files that could hurt the host are opened and never written.
/// </summary>
[Collection(nameof(AbuseServers))]
public sealed class FilesystemTests(AbuseServers abuse)
{
    private static readonly Attempt[] s_attempts =
    [
        Python(
            "the host's files",
            "return each(lambda path: no(lambda: os.stat(path)), ['/etc/shadow', '/root', '/home', '/var', '/opt', '/srv', '/mnt', '/boot', '/run', '/sys', '/etc/ssh', '/etc/hostid'])",
            "= [\"ENOENT\"]"),
        JavaScript(
            "the server's folder",
            "return each((path) => no(() => fs.readdirSync(path)), [event.folder, event.folder + '/data', `/proc/${event.pid}/cwd`, `/proc/${event.pid}/root`]);",
            "= [\"ENOENT\"]"),
        Python(
            "the server's process",
            "return each(lambda name: no(lambda: open(f\"/proc/{event['pid']}/{name}\", 'rb')), ['environ', 'mem', 'maps', 'cmdline', 'status'])",
            "= [\"ENOENT\"]"),
        Python(
            "process 1 as a window",
            "return each(lambda name: no(lambda: open('/proc/1/' + name, 'rb').read(1)), ['mem', 'environ', 'maps', 'root/etc/passwd', 'cwd/.', 'exe', 'fd/0', 'fd/1', 'fd/2', 'auxv', 'stack', 'task/1/mem'])",
            "= [\"EACCES\",\"EPERM\"]|= [\"EACCES\"]"),
        JavaScript(
            "process 1 as a window, in node",
            "return each((name) => no(() => fs.readFileSync('/proc/1/' + name)), ['mem', 'environ', 'maps', 'fd/0', 'fd/1', 'fd/2', 'auxv', 'root/etc/passwd']);",
            "= [\"EACCES\"]|= [\"EACCES\",\"EPERM\"]"),
        Python("every environment that is to be seen", """
            names = set()
            for process in filter(str.isdigit, os.listdir('/proc')):
                try:
                    with open(f'/proc/{process}/environ', 'rb') as file:
                        names |= {variable.partition(b'=')[0].decode() for variable in file.read().split(b'\0') if variable}
                except OSError:
                    pass
            return sorted(names - {'PWD'})
            """, "= [\"HOME\",\"LANG\",\"PATH\"]"),
        Python("a kernel that runs its program", """
            paths = ['core_pattern', 'modprobe', 'hostname', 'domainname', 'ns_last_pid', 'yama/ptrace_scope', 'sysrq']
            paths = ['/proc/sys/kernel/' + path for path in paths] + ['/proc/sys/vm/drop_caches', '/proc/sys/user/max_user_namespaces', '/proc/sysrq-trigger']
            return [path for path in paths if no(lambda: os.open(path, os.O_WRONLY)) not in ('EACCES', 'EROFS', 'ENOENT')]
            """, "= []"),
        JavaScript(
            "a kernel that runs its program, in node",
            "return ['core_pattern', 'modprobe', 'hostname'].map((name) => '/proc/sys/kernel/' + name).concat('/proc/sysrq-trigger', '/proc/kcore', '/proc/kallsyms').filter((path) => !['EACCES', 'EROFS', 'ENOENT'].includes(no(() => fs.openSync(path, 'r+'))));",
            "= []"),
        Python(
            "the host's devices",
            "return [each(lambda name: no(lambda: os.open('/dev/' + name, os.O_RDONLY)), ['mem', 'kmem', 'port', 'kmsg', 'sda', 'vda', 'loop0', 'kvm', 'fuse', 'net/tun', 'input']), no(lambda: open('/dev/new', 'w'))]",
            "= [[\"ENOENT\"],\"EROFS\"]"),
        Python(
            "programs, settings and the runtime itself",
            "return each(lambda path: no(lambda: open(path, 'a')), ['/usr/bin/env', '/usr/new', '/etc/passwd', '/etc/new', '/faas/zygote.py', '/faas/new', '/new', '/proc/new', '/bin/sh'])",
            "= [\"EACCES\",\"ENOENT\",\"EROFS\"]|= [\"ENOENT\",\"EROFS\"]|= [\"EACCES\",\"EROFS\"]|= [\"EROFS\"]"),
        JavaScript(
            "everything removed",
            "for (const top of ['/usr', '/faas', '/etc', '/']) no(() => fs.rmSync(top, { recursive: true, force: true })); return [no(() => fs.unlinkSync('/faas/zygote.mjs')), fs.existsSync('/usr/bin/env'), fs.existsSync('/faas/zygote.mjs'), fs.existsSync('/etc/passwd')];",
            "= [\"EROFS\",true,true,true]|= [\"EACCES\",true,true,true]"),
        Python(
            "everything mounted anew",
            "return each(lambda path: told(libc.mount(None, path, None, 0x1000 | 32, None)), [b'/', b'/usr', b'/proc/sys', b'/dev', b'/tmp'])",
            "= [\"EPERM\"]"),
        Python("a way out by symbolic links", """
            for number, target in enumerate(['/etc/shadow', '/proc/1/root', '/proc/self/root/etc/shadow', '/../../../etc/shadow', '/proc/1/cwd']):
                os.symlink(target, f'/tmp/{number}')
            return [each(lambda number: no(lambda: os.open(f'/tmp/{number}', os.O_RDONLY)), range(5)), os.path.exists('/usr/bin/env')]
            """, "= [[\"EACCES\",\"ENOENT\"],true]", "= [[\"EACCES\",\"ENOENT\"],true]"),
        Python(
            "a way out by dots",
            "os.chdir('/proc/self/root/../../../..')\nreturn sorted(set(os.listdir('.')) - {'bin', 'lib', 'lib32', 'lib64', 'libx32', 'sbin'})",
            "= [\"dev\",\"etc\",\"faas\",\"faas-bin\",\"libraries\",\"proc\",\"tmp\",\"usr\"]"),
        Python(
            "a hard link to a program",
            "return each(lambda path: no(lambda: os.link(path, '/tmp/link')), ['/usr/bin/env', '/etc/passwd', '/faas/zygote.py'])",
            "= [\"EXDEV\"]"),
        Python(
            "a device of its own",
            "import stat\nreturn each(lambda mode: no(lambda: os.mknod('/tmp/device', mode | 0o666, os.makedev(1, 1))), [stat.S_IFCHR, stat.S_IFBLK])",
            "= [\"EPERM\"]"),
        Python("a program that runs as its owner", """
            import shutil, subprocess
            shutil.copy('/usr/bin/id', '/tmp/id')
            os.chmod('/tmp/id', 0o6755)
            return [no(lambda: os.chown('/tmp/id', 0, 0)), subprocess.run(['/tmp/id', '-u'], capture_output=True, text=True).stdout.strip()]
            """, "= [\"EINVAL\",\"1000\"]|= [\"EPERM\",\"1000\"]"),
        Python(
            "the programs that run as root",
            "import subprocess\nfound = [os.path.join('/usr/bin', name) for name in os.listdir('/usr/bin') if os.path.exists('/usr/bin/' + name) and os.stat('/usr/bin/' + name).st_mode & 0o4000]\nreturn [no(lambda: os.setuid(0)), no(lambda: os.setgid(0)), no(lambda: os.setgroups([0])), open('/proc/self/status').read().count('NoNewPrivs:\\t1')]",
            "= [\"EINVAL\",\"EINVAL\",\"EPERM\",1]"),
        Python(
            "files by their handles",
            "return [call((303, 264), -100), call((304, 265), 3), call((161, 51)), call((155, 41))]",
            "= [\"EPERM\",\"EPERM\",\"EPERM\",\"EPERM\"]"),
        Python(
            "its capabilities",
            "return sorted({line.split()[1] for line in open('/proc/self/status') if line.startswith('Cap')})",
            "= [\"0000000000000000\"]"),
    ];

    /// <summary>All attempts.</summary>
    internal static IReadOnlyList<Attempt> All => s_attempts;

    /// <summary>What is tried.</summary>
    public static TheoryData<string> Attempts => NamesOf(s_attempts);

    [Theory]
    [MemberData(nameof(Attempts))]
    public Task Nobody_reads_or_writes(string what) => abuse.ProveAsync(s_attempts, what);
}
