using static Faas.Sandbox.Tests.Abuse.Attempt;

namespace Faas.Sandbox.Tests.Abuse;

/// <summary>State that is left for the next run of the same script, in the same walls. Turn 1 leaves it, turn 2 looks.</summary>
[Collection(nameof(AbuseServers))]
public sealed class LeakingTests(AbuseServers abuse)
{
    private const string Left = "left = [os.listdir('/tmp'), os.listdir('/dev/shm'), os.stat('/tmp').st_mode & 0o7777]\nif event['turn'] == 2: return left[:2]\n";

    private static readonly Attempt[] s_attempts =
    [
        Python(
            "globals and modules",
            "import builtins, json\nseen = [hasattr(builtins, 'left'), hasattr(json, 'left'), 'left' in sys.modules]\nbuiltins.left = json.left = 1\nsys.modules['left'] = json\nreturn any(seen)",
            "= false",
            "= false"),
        JavaScript(
            "globals and prototypes",
            "const seen = [globalThis.left, [].left, require('fs').left, process.env.LEFT].filter(Boolean).length; globalThis.left = Array.prototype.left = require('fs').left = 1; process.env.LEFT = '1'; return seen;",
            "= 0",
            "= 0"),
        Python(
            "its mask, its folder, its environment",
            "seen = [os.umask(0o77), os.getcwd(), os.environ.get('LEFT')]\nos.chdir('/')\nos.environ['LEFT'] = '1'\nlibc.setenv(b'LEFT', b'1', 1)\nreturn seen",
            "= [18,\"/tmp\",null]",
            "= [18,\"/tmp\",null]"),
        JavaScript(
            "its mask and its folder, in node",
            "const seen = [process.umask(0o77), process.cwd()]; process.chdir('/'); return seen;",
            "= [18,\"/tmp\"]",
            "= [18,\"/tmp\"]"),
        Python(
            "a tree of a thousand levels",
            Left + "for _ in range(1000):\n    os.mkdir('deep')\n    os.chdir('deep')\nreturn 'left'",
            "= \"left\"",
            "= [[\"script.py\"],[]]"),
        JavaScript(
            "a tree of a thousand levels, in node",
            "if (event.turn === 2) return fs.readdirSync('/tmp'); for (let i = 0; i < 1000; i++) { fs.mkdirSync('deep'); process.chdir('deep'); fs.writeFileSync('file', ''); } return 'left';",
            "= \"left\"",
            "= [\"script.js\"]"),
        Python(
            "folders that nobody may read",
            Left + "for top in ['/tmp', '/dev/shm']:\n    os.makedirs(top + '/locked/in/ner')\n    for name in ['locked/in/ner', 'locked/in', 'locked']: os.chmod(f'{top}/{name}', 0)\nos.chmod('/tmp', 0)\nreturn 'left'",
            "= \"left\"",
            "= [[\"script.py\"],[]]"),
        JavaScript(
            "folders that nobody may read, in node",
            "if (event.turn === 2) return fs.readdirSync('/tmp'); fs.mkdirSync('/tmp/a/b', { recursive: true }); fs.chmodSync('/tmp/a/b', 0); fs.chmodSync('/tmp/a', 0); fs.chmodSync('/tmp', 0); return 'left';",
            "= \"left\"",
            "= [\"script.js\"]"),
        Python(
            "names that are hard to say",
            Left + "for name in [b'a\\nb', b'\\xff\\xfe', b'-rf', b'...', b' ', b'*', b'x' * 255]:\n    os.mkdir(b'/tmp/' + name)\n    open(b'/tmp/' + name + b'/' + name, 'w').close()\nreturn 'left'",
            "= \"left\"",
            "= [[\"script.py\"],[]]"),
        Python(
            "links in a circle, pipes and sockets",
            Left + "import socket\nos.symlink('loop', '/tmp/loop')\nos.symlink('/tmp', '/tmp/self')\nos.symlink('/usr', '/dev/shm/usr')\nos.mkfifo('/tmp/fifo')\nsocket.socket(socket.AF_UNIX).bind('/tmp/socket')\nreturn 'left'",
            "= \"left\"",
            "= [[\"script.py\"],[]]"),
        Python(
            "attributes of its folders",
            "seen = os.listxattr('/tmp')\nno(lambda: os.setxattr('/tmp', 'user.left', b'1'))\nreturn seen",
            "= []",
            "= []"),
        Python(
            "modules in place of the language's own",
            "import json\nif event['turn'] == 2:\n    import csv\n    return csv.__file__.startswith('/usr')\nfor name in ['json', 'csv', 'os', 'sitecustomize']:\n    open(f'/tmp/{name}.py', 'w').write('raise SystemExit(9)')\nreturn json.loads('true')",
            "= true",
            "= true"),
        JavaScript(
            "modules in place of its own",
            "const left = fs.existsSync('/tmp/node_modules'); fs.mkdirSync('/tmp/node_modules/left', { recursive: true }); fs.writeFileSync('/tmp/node_modules/left/index.js', 'module.exports = 1'); fs.writeFileSync('/tmp/package.json', '{\"type\":\"module\"}'); return [left, require('left')];",
            "= [false,1]",
            "= [false,1]"),
        Python(
            "shared memory, semaphores and queues",
            "return [call((29, 194), 7, 4096, 0o1600), call((64, 190), 7, 1, 0o1600), call((68, 186), 7, 0o1600), call((240, 180), 0)]",
            "= [\"ENOSYS\",\"ENOSYS\",\"ENOSYS\",\"ENOSYS\"]"),
        Python(
            "shared memory by name",
            "from multiprocessing import shared_memory\nif event['turn'] == 2: return [os.listdir('/dev/shm'), no(lambda: shared_memory.SharedMemory('left'))]\nshared_memory.SharedMemory('left', create=True, size=4096)\nos._exit(0)",
            "= null|= \"\"",
            "= [[],\"ENOENT\"]"),
        Python("an abstract socket that somebody listens on", """
            import socket
            if event['turn'] == 2: return no(lambda: socket.socket(socket.AF_UNIX).connect('\0left'))
            server = socket.socket(socket.AF_UNIX)
            server.bind('\0left')
            server.listen()
            if os.fork() == 0:
                os.setsid()
                while True: server.accept()
            return 'left'
            """, "= \"left\"", "= \"ECONNREFUSED\""),
        JavaScript("a port that somebody listens on", """
            const net = require('net');
            if (event.turn === 2) return await new Promise((resolve) => net.connect(4000, '127.0.0.1').on('connect', () => resolve('open')).on('error', (error) => resolve(error.code)));
            await new Promise((resolve) => net.createServer(() => {}).listen(4000, '127.0.0.1', resolve));
            return 'left';
            """, "= \"left\"", "= \"ECONNREFUSED\""),
        JavaScript(
            "timers and promises",
            "setInterval(() => fs.writeFileSync('/tmp/tick', ''), 1); setTimeout(() => console.log('late'), 20); Promise.resolve().then(() => { globalThis.later = 1; }); return [globalThis.later ?? null, fs.readdirSync('/tmp')];",
            "= [null,[\"script.js\"]]",
            "= [null,[\"script.js\"]]"),
        Python(
            "alarms and handlers",
            "import signal, time\nseen = [signal.getsignal(signal.SIGALRM) == signal.SIG_DFL, signal.getitimer(signal.ITIMER_REAL)[0]]\nsignal.signal(signal.SIGALRM, lambda *_: None)\nsignal.setitimer(signal.ITIMER_REAL, 100)\nreturn seen",
            "= [true,0.0]",
            "= [true,0.0]"),
        Python("a memory file in a child's hands", """
            if event['turn'] == 1:
                ready, full = os.pipe()
                if os.fork() == 0:
                    os.setsid()
                    for _ in range(7): os.write(os.memfd_create('left'), bytes(10 << 20))
                    os.write(full, b'!')
                    while True: os.read(os.pipe()[0], 1)
                return len(os.read(ready, 1))
            return len(b'x' * (70 << 20)) >> 20
            """, "= 1", "= 70"),
    ];

    /// <summary>All attempts.</summary>
    internal static IReadOnlyList<Attempt> All => s_attempts;

    /// <summary>What is tried.</summary>
    public static TheoryData<string> Attempts => NamesOf(s_attempts);

    [Theory]
    [MemberData(nameof(Attempts))]
    public Task Nobody_leaves(string what) => abuse.ProveAsync(s_attempts, what);

    /// <summary>
    /// Links, since a hundred thousand inodes are more memory than a sandbox has. To remove them takes longer than a caller is to wait.
    /// </summary>
    [Theory]
    [InlineData(
        "python",
        "import os\nif 'leave' in event:\n    open('/tmp/0', 'w').close()\n    for n in range(1, 100000): os.link('/tmp/0', f'/tmp/{n}')\nreturn len(os.listdir('/tmp')) - 1")]
    [InlineData(
        "javascript",
        "const fs = require('fs'); if (event.leave) { fs.writeFileSync('/tmp/0', ''); for (let n = 1; n < 100000; n++) fs.linkSync('/tmp/0', '/tmp/' + n); } return fs.readdirSync('/tmp').length - 1;")]
    public async Task Nobody_leaves_so_much_that_it_takes_long_to_remove(string language, string code)
    {
        await using var server = await FaasServer.StartAsync(
            "faas { sandbox.timeout = 60, sandbox.memory = 256M, pool.running = 2, pool.sandboxes = 2, pool.spares { node = 0, python = 0 } }");
        await server.UploadAsync("many", language, code);
        using var before = await server.PostAsync("/run/many", new { });
        using var leaving = await server.PostAsync("/run/many", new { input = new { leave = true } });
        using var after = await server.PostAsync("/run/many", new { });

        Assert.Equal("100000", (await leaving.ReadAsync()).GetProperty("data").GetRawText());
        Assert.Equal("0", (await after.ReadAsync()).GetProperty("data").GetRawText());
        Assert.Equal("warm", leaving.Headers.GetValues("X-Start").Single());
        Assert.NotEqual("warm", after.Headers.GetValues("X-Start").Single());
        Assert.Equal(0, await server.StopAsync());
        Directory.Delete(server.Folder, true);
    }
}
