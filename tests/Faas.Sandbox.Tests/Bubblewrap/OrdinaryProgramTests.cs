using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Scripts;

namespace Faas.Sandbox.Tests.Bubblewrap;

/// <summary>Tests that ordinary programs work within the walls, above all that the allowed system calls suffice.</summary>
[Collection(nameof(LauncherUnderTest))]
public abstract class OrdinaryProgramTests(LaunchMode launch)
{
    [Theory]
    [InlineData(
        "worker_threads",
        "const { Worker } = require('worker_threads'); return await new Promise((resolve, reject) => new Worker('require(\"worker_threads\").parentPort.postMessage(6 * 7)', { eval: true }).on('message', resolve).on('error', reject))",
        "42")]
    [InlineData(
        "zlib",
        "const zlib = require('zlib'), { promisify: p } = require('util'); return [(await p(zlib.gunzip)(await p(zlib.gzip)('squeezed'))).toString(), zlib.brotliDecompressSync(zlib.brotliCompressSync('b')).toString()]",
        "[\"squeezed\",\"b\"]")]
    [InlineData(
        "crypto",
        "const c = require('crypto'), { promisify: p } = require('util'); return [(await p(c.scrypt)('a', 'b', 16)).length, (await p(c.generateKeyPair)('ec', { namedCurve: 'P-256' })).publicKey.type, (await crypto.subtle.digest('SHA-1', new Uint8Array(1))).byteLength, c.randomBytes(4).length]",
        "[16,\"public\",20,4]")]
    [InlineData(
        "fs",
        "const fs = require('fs'), { once } = require('events'); await fs.promises.writeFile('/tmp/f', 'text'); await fs.promises.copyFile('/tmp/f', '/tmp/g'); await fs.promises.rename('/tmp/g', '/tmp/h'); await fs.promises.utimes('/tmp/h', 1, 1); await fs.promises.chmod('/tmp/h', 0o600); fs.cpSync('/tmp/h', '/tmp/i'); fs.statfsSync('/tmp'); const watcher = fs.watch('/tmp'); setTimeout(() => fs.writeFileSync('/tmp/seen', ''), 10); await once(watcher, 'change'); return [await fs.promises.readFile('/tmp/h', 'utf8'), (await fs.promises.readdir('/tmp')).sort().join()]",
        "[\"text\",\"f,h,i,script.js,seen\"]")]
    [InlineData(
        "child_process",
        "const c = require('child_process'), fs = require('fs'); fs.writeFileSync('/tmp/forked.js', 'process.send(7)'); return [c.execSync('echo $((6*7)) | tr 2 3; ls / | wc -l > /dev/null; sort /etc/hosts | head -1 > /tmp/x; cp /tmp/x /tmp/y; mv /tmp/y /tmp/z; stat /tmp/z > /tmp/s; date > /tmp/d; sleep 0.01; touch -d @1 /tmp/z; tar -cf /tmp/t.tar -C / etc/hosts; id -u; nproc > /dev/null; mkfifo /tmp/p; df /tmp > /dev/null').toString(), await new Promise((r) => c.fork('/tmp/forked.js').on('message', r))]",
        "[\"43\\n1000\\n\",7]")]
    [InlineData(
        "net",
        "const net = require('net'), { once } = require('events'); const server = net.createServer((s) => s.end('pong')).listen(0, '127.0.0.1'); await once(server, 'listening'); const unix = net.createServer((s) => s.end('unix')).listen('/tmp/socket'); await once(unix, 'listening'); const read = (to) => new Promise((r) => net.connect(to).on('data', (d) => r(String(d)))); const d = require('dgram').createSocket('udp4').bind(0, '127.0.0.1'); await once(d, 'listening'); const message = once(d, 'message'); d.send('dgram', d.address().port, '127.0.0.1'); return [await read({ port: server.address().port, host: '127.0.0.1' }), await read('/tmp/socket'), String((await message)[0])]",
        "[\"pong\",\"unix\",\"dgram\"]")]
    [InlineData(
        "fetch",
        "const { once } = require('events'); const server = require('http').createServer((q, a) => a.end('got ' + q.url)).listen(0, 'localhost'); await once(server, 'listening'); return await (await fetch(`http://localhost:${server.address().port}/it`)).text()",
        "\"got /it\"")]
    [InlineData(
        "wasm",
        "return (await WebAssembly.instantiate(new Uint8Array([0,97,115,109,1,0,0,0,1,5,1,96,0,1,127,3,2,1,0,7,5,1,1,102,0,0,10,6,1,4,0,65,42,11]))).instance.exports.f()",
        "42")]
    [InlineData(
        "Intl",
        "return [new Intl.DateTimeFormat('de', { timeZone: 'UTC', month: 'long' }).format(new Date(0)), new Intl.NumberFormat('de').format(1234.5)]",
        "[\"Januar\",\"1.234,5\"]")]
    [InlineData(
        "timers",
        "await require('timers/promises').setTimeout(2); await new Promise(setImmediate); let n = 0; await new Promise((r) => { const t = setInterval(() => { if (++n === 3) { clearInterval(t); r(); } }, 1); }); return [n, Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5), process.hrtime.bigint() > 0n, require('os').cpus().length > 0, process.memoryUsage().rss > 0]",
        "[3,\"timed-out\",true,true,true]")]
    [InlineData(
        "http2 and streams",
        "const h = require('http2'), { once } = require('events'); const server = h.createServer().on('stream', (s) => s.end('two')).listen(0, '127.0.0.1'); await once(server, 'listening'); const client = h.connect(`http://127.0.0.1:${server.address().port}`); const got = await require('stream/consumers').text(client.request({ ':path': '/' })); client.close(); await require('stream/promises').pipeline(require('fs').createReadStream('/etc/hosts'), require('fs').createWriteStream('/tmp/copy')); return got",
        "\"two\"")]
    [InlineData(
        "sqlite",
        "const { DatabaseSync } = require('node:sqlite'); const db = new DatabaseSync('/tmp/db'); db.exec('pragma journal_mode = wal; create table t (n); insert into t values (7)'); return db.prepare('select n from t').get().n",
        "7")]
    public Task Of_node(string what, string code, string value) => ProveAsync(Runtime.Node, what, code, value);

    [Theory]
    [InlineData(
        "asyncio",
        "import asyncio\nasync def serve(r, w):\n    w.write(await r.readline())\n    w.close()\nserver = await asyncio.start_server(serve, '127.0.0.1', 0)\nr, w = await asyncio.open_connection('127.0.0.1', server.sockets[0].getsockname()[1])\nw.write(b'line\\n')\nback = await r.read()\nchild = await asyncio.create_subprocess_exec('echo', 'child', stdout=-1)\nout, _ = await child.communicate()\nreturn [back.decode(), out.decode(), await asyncio.to_thread(sum, [1, 2])]",
        "[\"line\\n\",\"child\\n\",3]")]
    [InlineData(
        "subprocess",
        "import subprocess\nreturn [subprocess.run(['tr', 'a', 'b'], input='aa', capture_output=True, text=True).stdout, subprocess.check_output('echo $((6*7)) | sed s/4/5/', shell=True, text=True, umask=0o77, start_new_session=True)]",
        "[\"bb\",\"52\\n\"]")]
    [InlineData(
        "threading",
        "import threading, queue\nq = queue.Queue()\nthreads = [threading.Thread(target=q.put, args=(n,)) for n in range(8)]\nfor t in threads: t.start()\nfor t in threads: t.join()\nreturn sorted(q.queue)",
        "[0,1,2,3,4,5,6,7]")]
    [InlineData(
        "multiprocessing by fork",
        "import multiprocessing\nwith multiprocessing.get_context('fork').Pool(2) as pool: return pool.map(abs, [-1, -2, -3])",
        "[1,2,3]")]
    [InlineData(
        "multiprocessing by spawn, of a file",
        "import subprocess, sys\nopen('/tmp/job.py', 'w').write('import multiprocessing\\nif __name__ == \"__main__\":\\n    with multiprocessing.get_context(\"spawn\").Pool(1) as pool: print(pool.map(abs, [-1, -2]))')\nreturn subprocess.run([sys.executable, '/tmp/job.py'], capture_output=True, text=True, timeout=60).stdout",
        "\"[1, 2]\\n\"")]
    [InlineData(
        "shared memory and managers",
        "import multiprocessing\nfrom multiprocessing import shared_memory\nblock = shared_memory.SharedMemory(create=True, size=16)\nblock.buf[0] = 7\nagain = shared_memory.SharedMemory(block.name)\nreturn [again.buf[0], multiprocessing.Lock().acquire(), multiprocessing.Value('i', 3).value]",
        "[7,true,3]")]
    [InlineData(
        "sqlite3",
        "import sqlite3\ndb = sqlite3.connect('/tmp/db')\ndb.execute('pragma journal_mode = wal')\ndb.execute('create table t (n)')\ndb.execute('insert into t values (7)')\ndb.commit()\nreturn db.execute('select n from t').fetchone()[0]",
        "7")]
    [InlineData(
        "ssl",
        "import ssl, hashlib, secrets\nssl.create_default_context()\nreturn [hashlib.sha256(b'x').hexdigest()[:4], len(secrets.token_bytes(8)), len(hashlib.scrypt(b'a', salt=b'b', n=2, r=1, p=1))]",
        "[\"2d71\",8,64]")]
    [InlineData(
        "ctypes",
        "import ctypes\nlibc = ctypes.CDLL(None)\n@ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_int), ctypes.POINTER(ctypes.c_int))\ndef order(a, b): return a[0] - b[0]\nnumbers = (ctypes.c_int * 3)(3, 1, 2)\nlibc.qsort(numbers, 3, 4, order)\nreturn list(numbers)",
        "[1,2,3]")]
    [InlineData(
        "sockets",
        "import socket, threading, selectors\nserver = socket.create_server(('localhost', 0))\nthreading.Thread(target=lambda: server.accept()[0].sendall(b'pong')).start()\nclient = socket.create_connection(server.getsockname())\nselector = selectors.DefaultSelector()\nselector.register(client, selectors.EVENT_READ)\nselector.select()\na, b = socket.socketpair()\na.send(b'pair')\nreturn [client.recv(4).decode(), b.recv(4).decode(), socket.gethostbyname('localhost')]",
        "[\"pong\",\"pair\",\"127.0.0.1\"]")]
    [InlineData(
        "files",
        "import os, mmap, shutil, tempfile, glob, fcntl\nwith tempfile.NamedTemporaryFile() as f:\n    f.write(b'x' * 4096); f.flush(); os.fsync(f.fileno())\n    fcntl.flock(f, fcntl.LOCK_EX)\n    shutil.copy2(f.name, '/tmp/copy')\n    with mmap.mmap(f.fileno(), 0) as m: first = m[0]\nos.truncate('/tmp/copy', 10)\nos.sendfile(os.open('/tmp/out', os.O_CREAT | os.O_WRONLY), os.open('/tmp/copy', os.O_RDONLY), 0, 10)\nos.copy_file_range(os.open('/tmp/copy', 0), os.open('/tmp/out2', os.O_CREAT | os.O_WRONLY), 10)\nos.posix_fallocate(os.open('/tmp/room', os.O_CREAT | os.O_WRONLY), 0, 100)\nreturn [first, os.stat('/tmp/out').st_size, sorted(glob.glob('/tmp/c*'))]",
        "[120,10,[\"/tmp/copy\"]]")]
    [InlineData(
        "time and the machine",
        "import time, os, resource, platform, zoneinfo, signal, getpass, locale, random, uuid\ntime.sleep(0.001)\ntime.clock_gettime(time.CLOCK_MONOTONIC)\nsignal.setitimer(signal.ITIMER_REAL, 0.01)\nsignal.sigwait([signal.SIGALRM]) if signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM]) is not None else 0\nreturn [os.cpu_count() > 0, len(os.sched_getaffinity(0)) > 0, resource.getrusage(0).ru_utime >= 0, platform.system(), getpass.getuser(), os.getloadavg()[0] >= 0, len(os.urandom(3)), os.getpriority(0, 0) - os.getpriority(0, 1)]",
        "[true,true,true,\"Linux\",\"script\",true,3,0]")]
    public Task Of_Python(string what, string code, string value) => ProveAsync(Runtime.Python, what, code, value);

    private async Task ProveAsync(Runtime runtime, string what, string code, string value)
    {
        await using var launcher = await LauncherUnderTest.OpenAsync(launch);
        var sandbox = await launcher.StartAsync(runtime);

        var data = await sandbox.ReturnAsync(code).WaitAsync(TimeSpan.FromMinutes(1));

        Assert.Equal((what, value), (what, data.GetRawText()));
    }
}
