import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FRESH_TMP, Sandbox, run } from './sandbox.mjs';

const STARTS = ['warm', 'spare', 'cold'];

describe('A script is told', () => {
  const limits = { memoryBytes: 100 << 20, cpus: 1.5 };

  test('the memory and the processors of its sandbox, where programs ask', async () => {
    for (const start of STARTS) {
      const { result } = await run(`
        import os, { totalmem, availableParallelism } from 'node:os';
        return [totalmem(), os.totalmem(), require('os').totalmem(), process.constrainedMemory(), availableParallelism(),
          navigator.hardwareConcurrency, os.cpus().length, os.freemem() < totalmem(), process.availableMemory() < totalmem()];`,
      {}, { start, limits });
      const { memoryBytes } = limits;
      assert.deepEqual(result.value, [memoryBytes, memoryBytes, memoryBytes, memoryBytes, 1, 1, 1, true, true], start);
    }
  });

  test('the machine\'s figures, if the server has told none', async () => {
    const { result } = await run(
      "const os = require('os'); return [os.totalmem() > 2 ** 28, os.availableParallelism() === os.cpus().length];");
    assert.deepEqual(result.value, [true, true]);
  });

  test('the variables of its version, in its environment and in that of its processes', async () => {
    const env = { A: 'ä 🙂\n', B: '', TZ: 'Asia/Tokyo' };
    for (const start of STARTS) {
      const { result } = await run(`
        const child = require('child_process').execFileSync('sh', ['-c', 'printf %s "$A"']).toString();
        return [process.env.A, process.env.B, child, new Date(0).getHours()];`, {}, { start, limits: { env } });
      assert.deepEqual(result.value, [env.A, '', env.A, 9], start);
    }
  });

  test('a variable that a run has changed is as ever in the next', async () => {
    await using sandbox = await Sandbox.with(
      'const before = process.env.A; process.env.A = "2"; return before;', { isolation: 'process', limits: { env: { A: '1' } } });
    assert.deepEqual([(await sandbox.run()).result.value, (await sandbox.run()).result.value], ['1', '1']);
  });

  test('a heap as large as the server says', async () => {
    const source = `
      const { getHeapStatistics } = require('v8'), { Worker } = require('worker_threads');
      const worker = new Worker('require("worker_threads").parentPort.postMessage(require("v8").getHeapStatistics().heap_size_limit)', { eval: true });
      const [ofThread] = await require('events').once(worker, 'message');
      return [getHeapStatistics().heap_size_limit, ofThread];`;
    for (const start of STARTS) {
      for (const heapBytes of [32 << 20, 100 << 20]) {
        const { result } = await run(source, {}, { start, limits: { heapBytes } });
        const [own, ofThread] = result.value;
        assert.ok(ofThread <= heapBytes && ofThread > heapBytes * 0.9, `${start}: ${ofThread} of ${heapBytes}`);
        // This zygote has started with a heap of gigabytes, whose young generation may take 96 MB; V8 does not tell that it stays small.
        assert.ok(own <= heapBytes / 2 + (96 << 20), `${start}: ${own} of ${heapBytes}`);
      }
    }
  });

  test('that its heap is full where the server says', async () => {
    const source = 'const kept = []; for (;;) kept.push(new Array(1000).fill(kept.length + 0.5));';
    for (const start of STARTS) {
      const ran = await run(source, {}, { start, limits: { heapBytes: 48 << 20 } });
      assert.match(ran.stderr, /heap out of memory/, start);
      assert.ok(ran.end.maxRssBytes < 200 << 20, start);
    }
  });

  test('time since its own birth', async () => {
    for (const isolation of ['process', 'sandbox', 'shared']) {
      await using sandbox = await Sandbox.with(`
        performance.mark('begin');
        await new Promise((resolve) => setTimeout(resolve, 30));
        const { duration } = performance.measure('it', 'begin'), fixed = performance.measure('fixed', { start: 1, end: 3 });
        return { now: performance.now(), uptime: process.uptime() * 1000, off: performance.timeOrigin + performance.now() - Date.now(),
          fromBirth: performance.measure('all').duration, duration, fixed: fixed.duration,
          started: performance.getEntriesByName('begin')[0].startTime };`,
      { isolation });
      await new Promise((resolve) => { setTimeout(resolve, 300); });
      const { result: { value } } = await sandbox.run();
      assert.ok(Math.abs(value.now - value.uptime) < 50 && value.now >= 30 && value.now < 290, JSON.stringify(value));
      assert.ok(Math.abs(value.off) < 1000 && value.duration >= 29 && value.duration < 290, JSON.stringify(value));
      assert.ok(value.fromBirth >= 30 && value.fromBirth < 290 && value.fixed === 2 && value.started < 250, JSON.stringify(value));
    }
  });
});

describe('The turn of the event loop', () => {
  const order = `const { nextTick } = require('node:process'), seen = [];
    Promise.resolve().then(() => seen.push('promise'));
    nextTick(() => seen.push('tick'));
    queueMicrotask(() => seen.push('microtask'));
    setTimeout(() => console.log(JSON.stringify(seen)), 5);`;

  test('is the same in every start and every isolation, and that of node', async () => {
    for (const start of STARTS) {
      for (const isolation of start === 'warm' ? ['process', 'shared'] : ['sandbox']) {
        assert.equal((await run(order, {}, { start, isolation })).stdout, '["tick","promise","microtask"]\n', `${start} ${isolation}`);
        const module = await run(`${order}\nexport {};`, {}, { start, isolation });
        assert.equal(module.stdout, '["promise","microtask","tick"]\n', `a module, ${start} ${isolation}`);
      }
    }
  });
});

describe('The file of the script', () => {
  test('The script\'s file is there after every kind of start, and a worker and a forked process can run it', async () => {
    for (const start of STARTS) {
      const { stdout } = await run(`const { Worker, isMainThread, parentPort } = require('worker_threads'), cp = require('child_process');
        if (!isMainThread) parentPort.postMessage('worker');
        else if (process.send) process.send('forked', () => process.disconnect());
        else new Worker(__filename).on('message', (m) => { console.log(m); cp.fork(__filename).on('message', (n) => console.log(n)); });`,
      {}, { start });
      assert.equal(stdout, 'worker\nforked\n', start);
    }
  });

  test('is the uploaded text, also of a language that is compiled', async () => {
    await using sandbox = new Sandbox();
    await sandbox.next();
    const source = 'return [__filename, require("fs").readFileSync(__filename, "utf8")];';
    sandbox.send(1, JSON.stringify({ filename: 'script.ts', source, text: 'uploaded é' }));
    assert.deepEqual((await sandbox.run()).result.value, ['/tmp/script.ts', 'uploaded é']);
  });

  test('cannot be written, and is as it was after a run that has spoilt it', async () => {
    const source = `const fs = require('fs'), file = __filename;
      const seen = [fs.readFileSync(file, 'utf8').length, (fs.lstatSync(file).mode & 0o7777).toString(8), fs.readdirSync('/tmp')];
      try { fs.writeFileSync(file, ''); seen.push('written'); } catch (e) { seen.push(e.code); }
      (0, eval)(event.spoil ?? '');
      return seen;`;
    const spoilers = [
      "require('fs').chmodSync(__filename, 0o600); const { size } = require('fs').statSync(__filename);"
        + " require('fs').writeFileSync(__filename, ' '.repeat(size)); require('fs').chmodSync(__filename, 0o444)",
      "require('fs').unlinkSync(__filename)",
      "require('fs').unlinkSync(__filename); require('fs').mkdirSync(__filename + '/x', { recursive: true })",
      "require('fs').renameSync(__filename, '/tmp/other'); require('fs').symlinkSync('/tmp/other', __filename)",
    ];
    await using sandbox = await Sandbox.with(source);
    for (const pause of [0, 100]) {
      for (const spoil of ['', ...spoilers, '']) {
        await new Promise((resolve) => { setTimeout(resolve, pause); });
        assert.deepEqual((await sandbox.run({ spoil })).result.value, [source.length, '444', FRESH_TMP, 'EACCES'], spoil);
      }
    }
  });

  test('is left out where /tmp is too small for it', async () => {
    await using sandbox = await Sandbox.with(`// ${'x'.repeat(100_000)}\nreturn require('fs').readdirSync('/tmp');`,
      { extra: ['--size', '65536', '--tmpfs', '/tmp'] });
    for (let round = 0; round < 2; round++) assert.deepEqual((await sandbox.run()).result.value, []);
  });
});

describe('Output', () => {
  test('to stdout and stderr comes in the order in which the script has written it', async () => {
    for (const isolation of ['process', 'sandbox', 'shared']) {
      const source = "for (let at = 0; at < 100; at++) { console.log('o', at); console.error('e', at); }";
      await using sandbox = await Sandbox.with(source, { isolation });
      sandbox.send(2, '{}');
      let seen = '';
      for (let frame = await sandbox.next(); frame.type !== 0x85; frame = await sandbox.next()) {
        if (frame.type !== 0x84) seen += frame.payload;
      }
      assert.equal(seen, Array.from({ length: 100 }, (_, at) => `o ${at}\ne ${at}\n`).join(''), isolation);
    }
  });
});
