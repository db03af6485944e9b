import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Sandbox, descriptorsOf, run } from './sandbox.mjs';

const runTimes = async (sandbox, count, input) => {
  const values = [];
  for (let at = 0; at < count; at++) {
    const outcome = await sandbox.run(input);
    assert.equal(outcome.result?.kind, 'V', JSON.stringify(outcome));
    values.push(outcome.result.value);
  }
  return values;
};

describe('The runs of one sandbox', () => {
  test('Three hundred runs succeed', async () => {
    await using sandbox = await Sandbox.with('console.log("n", event.n); return { twice: event.n * 2 };');
    for (let n = 0; n < 300; n++) {
      const { result, stdout, stderr } = await sandbox.run({ n });
      assert.deepEqual([result.value, stdout, stderr], [{ twice: n * 2 }, `n ${n}\n`, '']);
    }
  });

  test('Ten forks give ten values of every source of randomness', async () => {
    await using sandbox = await Sandbox.with(`
      const crypto = require('crypto'), vm = require('vm');
      const { Worker } = require('worker_threads');
      const worker = new Worker('require("worker_threads").parentPort.postMessage(Math.random())', { eval: true });
      const inWorker = await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
      return { random: Math.random(), uuid: crypto.randomUUID(), web: crypto.getRandomValues(new Uint32Array(2)).join(),
        bytes: crypto.randomBytes(8).toString('hex'), int: crypto.randomInt(2 ** 40), inContext: vm.runInNewContext('Math.random()'),
        temporary: require('fs').mkdtempSync('/tmp/x'), inWorker };`);
    const runs = await runTimes(sandbox, 10);
    for (const source of Object.keys(runs[0])) {
      assert.equal(new Set(runs.map((values) => values[source])).size, 10, source);
    }
  });

  test('Math.random is node\'s own and fills its range', async () => {
    const { result } = await run(`let sum = 0;
      for (let i = 0; i < 1e5; i++) sum += Math.random();
      return [Math.random.name, Math.random.length, String(Math.random), sum / 1e5];`);
    assert.deepEqual(result.value.slice(0, 3), ['random', 0, 'function random() { [native code] }']);
    assert.ok(Math.abs(result.value[3] - 0.5) < 0.01);
  });

  test('No global, file, timer, listener or module state comes from an earlier run', async () => {
    await using sandbox = await Sandbox.with(`
      const fs = require('fs'), files = fs.readdirSync('/tmp').filter((name) => name !== 'script.js');
      const seen = [globalThis.left, Object.prototype.left, require('path').left, ...files,
        ...fs.readdirSync('/dev/shm'), process.env.LEFT, process.listenerCount('exit'), process.title === 'left', process.exitCode];
      globalThis.left = Object.prototype.left = require('path').left = 1;
      process.env.LEFT = '1'; process.title = 'left'; process.on('exit', () => console.log('left'));
      fs.writeFileSync('/tmp/left', 'x'); fs.writeFileSync('/dev/shm/left', 'x');
      setInterval(() => console.log('tick'), 1);
      process.chdir('/');
      return [seen.filter((value) => value), process.uptime() < 5, process.cwd()];`);
    for (const value of await runTimes(sandbox, 3)) assert.deepEqual(value, [[], true, '/']);
  });

  test('Each has its own process and session, and knows its pid', async () => {
    await using sandbox = await Sandbox.with(`
      const stat = require('fs').readFileSync('/proc/self/stat', 'utf8').split(' ');
      const score = require('fs').readFileSync('/proc/self/oom_score_adj', 'utf8').trim();
      return [process.pid, Number(stat[0]), process.ppid, Number(stat[5]), score];`);
    const runs = await runTimes(sandbox, 3);
    for (const [pid, real, parent, session, victim] of runs) {
      assert.deepEqual([pid, parent, session, victim], [real, 1, real, '1000']);
    }
    assert.equal(new Set(runs.map(([pid]) => pid)).size, 3);
  });

  test('Time is right after a long wait between runs', async () => {
    await using sandbox = await Sandbox.with(`const start = Date.now();
      await new Promise((r) => setTimeout(r, 120));
      return Date.now() - start;`);
    await new Promise((resolve) => { setTimeout(resolve, 500); });
    const [waited] = await runTimes(sandbox, 1);
    assert.ok(waited >= 119, `${waited}`);
  });
});

describe('Descriptors and the zygote', () => {
  test('Standard input is empty and only known descriptors are open', async () => {
    await using sandbox = await Sandbox.with(`
      const fs = require('fs');
      const open = {};
      for (const fd of fs.readdirSync('/proc/self/fd')) { try { open[fd] = fs.readlinkSync('/proc/self/fd/' + fd); } catch {} }
      let input = ''; for await (const part of process.stdin) input += part;
      return [input, open];`);
    const [[input, open]] = await runTimes(sandbox, 1);
    assert.equal(input, '');
    assert.equal(open[0], '/dev/null');
    const ofZygote = new Set(descriptorsOf(sandbox.zygotePid).filter((link) => /^(pipe|socket):/.test(link)));
    assert.ok(ofZygote.size >= 3);
    const pipes = Object.entries(open).filter(([, link]) => /^(pipe|socket):/.test(link));
    for (const [fd, link] of pipes) assert.ok(!ofZygote.has(link), `${fd} ${link}`);
    const numbers = pipes.map(([fd]) => Number(fd));
    assert.ok(numbers.some((fd) => fd >= 1000) && numbers.filter((fd) => fd >= 1000).length === 1, numbers.join());
    for (const [fd, link] of Object.entries(open)) {
      assert.match(link, /^(\/dev\/null|pipe:.*|anon_inode:\[(eventpoll|io_uring|eventfd)\])$/, fd);
    }
  });

  test('The result pipe is not inherited by children', async () => {
    const { result } = await run(`const listed = require('child_process').execFileSync('/bin/ls', ['/proc/self/fd'], { encoding: 'utf8' });
      return listed.trim().split('\\n').map(Number).filter((fd) => fd > 3);`);
    assert.deepEqual(result.value, []);
  });

  test('A script cannot read the memory or the descriptors of process 1', async () => {
    const { result } = await run(`
      const fs = require('fs');
      return ['mem', 'environ', 'maps', 'fd', 'fd/0', 'fd/1', 'cwd', 'root'].map((name) => {
        try { name === 'fd' ? fs.readdirSync('/proc/1/fd') : fs.readFileSync('/proc/1/' + name); return name; } catch (e) { return e.code; }
      });`);
    for (const code of result.value) assert.match(code, /^(EACCES|EPERM)$/);
  });

  test('Signals to process 1 have no effect, on later runs neither', async () => {
    await using sandbox = await Sandbox.with(`
      if (event.attack) {
        for (let s = 1; s <= 64; s++) try { process.kill(1, s); } catch {}
        try { process._debugProcess(1); } catch {}
        return 'sent';
      }
      const wasm = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array([0,97,115,109,1,0,0,0,1,5,1,96,0,1,127,3,2,1,0,
        5,3,1,0,1,7,5,1,1,102,0,0,10,11,1,9,0,65,128,128,4,40,2,0,11])));
      let trap; try { wasm.exports.f(); } catch (e) { trap = e.name; }
      const inspector = await new Promise((resolve) => {
        require('net').connect(9229, '127.0.0.1').on('connect', () => resolve('open')).on('error', (e) => resolve(e.code));
      });
      const own = await new Promise((resolve) => {
        process.once('SIGUSR1', resolve);
        setTimeout(resolve, 2000);
        process.kill(process.pid, 'SIGUSR1');
      });
      return [trap, inspector, own];`);
    for (let round = 0; round < 3; round++) {
      assert.equal((await sandbox.run({ attack: true })).result.value, 'sent');
      const [trap, inspector, own] = (await runTimes(sandbox, 1))[0];
      assert.deepEqual([trap, own], ['RuntimeError', 'SIGUSR1']);
      assert.match(inspector, /^E/);
    }
    assert.equal(sandbox.stderr, '');
  });

  test('The runtime\'s modules give a script nothing of the zygote', async () => {
    const { result } = await run(`
      const names = ['kernel/libc', 'zygote/fork', 'zygote/child', 'script/result'];
      const found = [];
      for (const name of names) {
        const exported = Object.values(await import('file:///runtime/zygote/' + name + '.mjs'));
        found.push(...exported.filter((value) => typeof value === 'object' && value !== null));
      }
      return [found.length, process.argv, process.execArgv];`);
    assert.deepEqual(result.value, [0, ['/runtime/node', '/tmp/script.js'], []]);
  });
});

describe('What a forked node can do', () => {
  test('Workers, even if they collect garbage and end by themselves', async () => {
    const { result } = await run(`
      const { Worker } = require('worker_threads');
      const one = (code) => new Promise((resolve, reject) => {
        let got;
        const worker = new Worker(code, { eval: true });
        worker.on('message', (m) => { got = m; }).on('error', reject).on('exit', (c) => resolve([got, c]));
      });
      const collecting = 'let a = []; for (let i = 0; i < 1e6; i++) a.push({ i });'
        + 'require("worker_threads").parentPort.postMessage(a.length);';
      return await Promise.all([one(collecting), one('console.log("from a worker")')]);`);
    assert.deepEqual(result.value, [[1e6, 0], [null, 0]]);
  });

  test('A script that collects garbage and returns nothing ends', async () => {
    const { result, stdout } = await run(`let a = [];
      for (let i = 0; i < 2e6; i++) a.push({ i });
      setTimeout(() => console.log(a.length), 5);`);
    assert.deepEqual([result.kind, stdout], ['N', '2000000\n']);
  });

  test('Child processes, files, compression, cryptography, timers, WebAssembly, Intl, sockets', async () => {
    const { result } = await run(`
      const { execFile, fork, execSync } = require('child_process');
      const fs = require('fs'), zlib = require('zlib'), crypto = require('crypto'), net = require('net');
      const { promisify } = require('util');
      const out = {};
      out.spawned = (await promisify(execFile)('/bin/sh', ['-c', 'echo hello'])).stdout;
      out.sync = execSync('echo sync').toString();
      fs.writeFileSync('/tmp/forked.js', 'process.send({ got: 1 })');
      out.forked = await new Promise((resolve, reject) => fork('/tmp/forked.js').on('message', resolve).on('error', reject));
      await fs.promises.writeFile('/tmp/file', 'text'); out.file = await fs.promises.readFile('/tmp/file', 'utf8');
      out.zip = (await promisify(zlib.gunzip)(await promisify(zlib.gzip)('squeezed'))).toString();
      out.hash = (await promisify(crypto.scrypt)('a', 'b', 16)).length + crypto.createHash('sha256').update('x').digest('hex').length;
      out.subtle = (await crypto.subtle.digest('SHA-1', new Uint8Array(1))).byteLength;
      out.key = (await promisify(crypto.generateKeyPair)('ec', { namedCurve: 'P-256' })).publicKey.type;
      await new Promise((r) => setTimeout(r, 2)); await new Promise((r) => setImmediate(r)); await require('timers/promises').setTimeout(1);
      const answer = new Uint8Array([0,97,115,109,1,0,0,0,1,5,1,96,0,1,127,3,2,1,0,7,5,1,1,102,0,0,10,6,1,4,0,65,42,11]);
      out.wasm = (await WebAssembly.instantiate(answer)).instance.exports.f();
      out.intl = new Intl.DateTimeFormat('de', { timeZone: 'UTC', month: 'long' }).format(new Date(0));
      const server = net.createServer((s) => s.end('pong')).listen(0, '127.0.0.1'); await require('events').once(server, 'listening');
      out.socket = await new Promise((resolve) => net.connect(server.address().port, '127.0.0.1').on('data', (d) => resolve(String(d))));
      out.fetch = await fetch('http://127.0.0.1:40999/').catch((e) => e.name + ' ' + e.cause?.code);
      out.atomics = Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
      return out;`);
    assert.equal(result?.kind, 'V', JSON.stringify(result));
    assert.deepEqual(result.value, {
      spawned: 'hello\n', sync: 'sync\n', forked: { got: 1 }, file: 'text', zip: 'squeezed', hash: 80, subtle: 20, key: 'public',
      wasm: 42, intl: 'Januar', socket: 'pong', fetch: 'TypeError ECONNREFUSED', atomics: 'timed-out',
    });
  });

  test('Asynchronous compilation alone keeps a script alive until it is done', async () => {
    const { result } = await run(`const empty = new Uint8Array([0,97,115,109,1,0,0,0]);
      return await WebAssembly.compile(empty).then((m) => m instanceof WebAssembly.Module);`);
    assert.deepEqual(result, { kind: 'V', value: true, extra: 0 });
  });

  test('The just-in-time compiler runs', async () => {
    const { result } = await run('let sum = 0; for (let i = 0; i < 3e8; i++) sum = (sum + i) | 0;\nreturn sum;');
    assert.equal(result.value, -302797184);
  });
});
