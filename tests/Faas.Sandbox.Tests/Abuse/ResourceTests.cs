using static Faas.Sandbox.Tests.Abuse.Attempt;

namespace Faas.Sandbox.Tests.Abuse;

/// <summary>Taking all there is of something.</summary>
[Collection(nameof(AbuseServers))]
public sealed class ResourceTests(AbuseServers abuse)
{
    private static readonly Attempt[] s_attempts =
    [
        Python("a fork bomb", "while True:\n    no(os.fork)", "timeout|oom"), // sixty processes of Python take nearly all of the memory
        JavaScript("more processes than it may have", """
            const { spawn } = require('child_process');
            let refused = 0;
            for (let i = 0; i < 100; i++) if (spawn('/bin/sleep', ['60'], { detached: true, stdio: 'ignore' }).on('error', () => {}).pid === undefined) refused++;
            return refused >= 36; // of 100 where 64 may be, of which the sandbox itself is a few
            """, "= true"),
        Python(
            "a shell's fork bomb in the background",
            "import subprocess\nsubprocess.run(['/bin/sh', '-c', 'b() { b | b & }; b'], stderr=subprocess.DEVNULL)\nreturn 'left'",
            "= \"left\""),
        Python("a thread bomb", """
            import threading
            stop = threading.Event()
            started = 0
            try:
                while True:
                    threading.Thread(target=stop.wait, daemon=True).start()
                    started += 1
            except RuntimeError:
                return 8 < started < 64
            """, "= true"),
        JavaScript("a hundred workers that never end", """
            const { Worker } = require('worker_threads');
            for (let i = 0; i < 100; i++) new Worker('for (;;);', { eval: true }).on('error', () => {});
            """, "oom|timeout|signal"),
        Python("its heap without end", "all = []\nwhile True: all.append(bytearray(b'x') * (1 << 20))", "oom"),
        JavaScript(
            "its heap without end, in objects", "const all = []; for (;;) all.push(new Array(1e4).fill().map((_, i) => ({ i })));", "oom"),
        JavaScript("buffers without end", "const all = []; for (;;) all.push(Buffer.alloc(1 << 20, 1));", "oom"),
        Python(
            "a memory file without end",
            "file = os.memfd_create('big')\ndef fill():\n    while True: os.write(file, b'x' * (1 << 20))\nreturn no(fill)",
            "= \"EFBIG\"",
            "= \"EFBIG\""),
        Python("memory files without end", "while True: os.write(os.memfd_create('big'), b'x' * (1 << 20))", "oom"),
        Python(
            "a full /tmp",
            "file = os.open('/tmp/big', os.O_CREAT | os.O_WRONLY)\ndef fill():\n    while True: os.write(file, b'x' * (1 << 20))\nreturn [no(fill), os.fstat(file).st_size <= 32 << 20]",
            "= [\"ENOSPC\",true]",
            "= [\"ENOSPC\",true]"),
        JavaScript(
            "a full /dev/shm",
            "const file = fs.openSync('/dev/shm/big', 'w'); const full = no(() => { for (;;) fs.writeSync(file, Buffer.alloc(1 << 20)); }); return [full, fs.fstatSync(file).size <= 16 << 20];",
            "= [\"ENOSPC\",true]",
            "= [\"ENOSPC\",true]"),
        Python("all of the page cache", """
            read = 0
            for top, _, names in os.walk('/usr/lib'):
                for name in names:
                    path = os.path.join(top, name)
                    if read < 160 << 20 and os.path.isfile(path) and os.access(path, os.R_OK):
                        with open(path, 'rb', buffering=0) as file:
                            while part := file.read(1 << 20):
                                read += len(part)
            return 'read'
            """, "= \"read\""),
        Python("pipes full of bytes", """
            import fcntl
            held = []
            def fill():
                while True:
                    held.append(os.pipe2(os.O_NONBLOCK))
                    try:
                        os.write(held[-1][1], b'x' * (1 << 16))
                    except BlockingIOError:
                        pass
            return no(fill)
            """, "= \"EMFILE\""),
        Python("a processor without end", "while True: pass", "timeout"),
        JavaScript(
            "a processor without end, deaf to signals",
            "for (let s = 1; s < 65; s++) no(() => process.on(s, () => {})); for (;;);",
            "timeout"),
        Python(
            "processors in eight processes", "for _ in range(8):\n    if os.fork() == 0:\n        while True: pass\nos.wait()", "timeout"),
        Python(
            "all of its descriptors",
            "held = []\ndef fill():\n    while True: held.append(os.open('/dev/null', os.O_RDONLY))\nanswer = no(fill)\nreturn [answer, len(held) < 1024]",
            "= [\"EMFILE\",true]",
            "= [\"EMFILE\",true]"),
        JavaScript(
            "all of its descriptors, in node",
            "let n = 0; const answer = no(() => { for (;; n++) fs.openSync('/dev/null'); }); return [answer, n < 1024];",
            "= [\"EMFILE\",true]"),
        Python(
            "a raised limit of descriptors",
            "import resource\ntry:\n    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))\n    return 'done'\nexcept ValueError as error:\n    return 'refused'",
            "= \"refused\""),
        Python(
            "a sparse file of a tebibyte",
            "file = os.open('/tmp/sparse', os.O_CREAT | os.O_RDWR)\nreturn [no(lambda: os.truncate(file, 1 << 40)), no(lambda: os.pwrite(file, b'x', 1 << 40)), os.fstat(file).st_size, len(os.listdir('/tmp'))]",
            "= [\"EFBIG\",\"EFBIG\",0,2]",
            "= [\"EFBIG\",\"EFBIG\",0,2]"),
        JavaScript(
            "a sparse file of a tebibyte, in node",
            "const file = fs.openSync('/tmp/sparse', 'w'); return [no(() => fs.ftruncateSync(file, 2 ** 40)), no(() => fs.writeSync(file, 'x', 2 ** 40)), fs.fstatSync(file).size];",
            "= [\"EFBIG\",\"EFBIG\",0]",
            "= [\"EFBIG\",\"EFBIG\",0]"),
        JavaScript("a flood on stdout", "for (;;) console.log('x'.repeat(1000));", "output_limit"),
        Python("a flood on stderr", "while True: os.write(2, b'line\\n' * 10000)", "output_limit"),
        JavaScript("a flood on both", "for (;;) { console.log('x'.repeat(10000)); console.error('y'.repeat(10000)); }", "output_limit"),
        Python("a line without end", "while True: os.write(1, b'x' * 65536)", "output_limit"),
        Python("a flood from a grandchild", "import subprocess\nsubprocess.run(['/usr/bin/yes'])", "output_limit"),
        Python("a result of 20 MB", "return 'x' * 20_000_000", "output_limit"),
        JavaScript("a result of 100 MB", "return 'x'.repeat(100_000_000)", "output_limit|oom"),
        Python("recursion without end", "def deeper(): return deeper()\ndeeper()", "error"),
        JavaScript("recursion without end, in node", "const deeper = () => deeper() + 1; deeper();", "error"),
        Python(
            "the C stack",
            "sys.setrecursionlimit(1 << 30)\nnested = []\nfor _ in range(1 << 20): nested = [nested]\nrepr(nested)",
            "signal"),
        JavaScript("a regular expression that never ends", "return /^(a+)+$/.test('a'.repeat(50) + 'b');", "timeout"),
        Python("a regular expression that never ends, in Python", "import re\nreturn re.match('^(a+)+$', 'a' * 50 + 'b')", "timeout"),
        Python("JSON a million levels deep", "import json\njson.loads('[' * 1_000_000)", "error"),
        JavaScript(
            "JSON a hundred thousand levels deep, returned",
            "let deep = []; for (let i = 0; i < 1e5; i++) deep = [deep]; return deep;",
            "error"),
        Python("a zip bomb", """
            import zlib
            packer = zlib.compressobj(1)
            bomb = b''.join(packer.compress(bytes(1 << 20)) for _ in range(256)) + packer.flush()
            return len(zlib.decompress(bomb))
            """, "oom"),
        Python(
            "timers without end",
            "timers = (ctypes.c_int * 1)()\nfor _ in range(1 << 17):\n    if libc.timer_create(0, None, timers) == -1:\n        break\nreturn 'held'",
            "= \"held\""),
    ];

    /// <summary>What is tried.</summary>
    public static TheoryData<string> Attempts => NamesOf(s_attempts);

    [Theory]
    [MemberData(nameof(Attempts))]
    public Task Nobody_takes(string what) => abuse.ProveAsync(s_attempts, what);
}
