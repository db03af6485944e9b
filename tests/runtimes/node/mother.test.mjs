import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { types } from './frames.mjs';
import { Mother, warm } from './mother.mjs';
import { FRESH_TMP, descriptorsOf } from './sandbox.mjs';
import { callsBefore, callsOfChild } from './walls.mjs';

const VERSION = { protocol: 1, runtime: 'node', version: process.versions.node };
const EXITED_71 = 71 << 8; // status words of wait4(2)
const KILLED = 9;

const nothing = { call: 'prctl', arguments: [3], why: 'nothing' };
const failing = { call: 'chdir', arguments: ['/missing'], why: 'a folder' };

/** The value that a script returns in a child of its own. */
async function valueIn(mother, source, input, options) {
  const child = await mother.fork();
  child.bind(source, options);
  const { result } = await child.run(input);
  assert.equal(result?.kind, 'V', JSON.stringify(result) + child.stderr);
  child.endInput();
  return result.value;
}

/** The status word of a child that is about to end. */
async function statusAtEnd(mother, pid) {
  for (;;) {
    const status = await mother.reap(pid);
    if (status !== null) return status;
    await new Promise((resolve) => { setTimeout(resolve, 2); });
  }
}

describe('The mother', () => {
  test('says what she is when she is warm', async () => {
    await using mother = await Mother.start();
    assert.deepEqual(await mother.reply(), VERSION);
  });

  test('forks a zygote that says READY and serves as any zygote does', async () => {
    await using mother = await warm();
    const child = await mother.fork();
    assert.deepEqual(child.ready, VERSION);
    child.bind('console.log("hello"); console.error("there"); return event.n;');
    for (let n = 0; n < 3; n++) {
      const { result, stdout, stderr } = await child.run({ n });
      assert.deepEqual([result.value, stdout, stderr], [n, 'hello\n', 'there\n']);
    }
    assert.equal((await child.check()).result.kind, 'N');
    child.endInput();
    assert.equal(await statusAtEnd(mother, child.pid), 0);
  });

  test('forks a zygote for each isolation', async () => {
    await using mother = await warm();
    const counting = 'globalThis.count = (globalThis.count ?? 0) + 1; return count;';
    const counts = async (isolation) => {
      const child = await mother.fork();
      child.bind(counting, { isolation });
      return [(await child.run()).result.value, (await child.run()).result.value];
    };
    assert.deepEqual([await counts('process'), await counts('shared')], [[1, 1], [1, 2]]);
    const child = await mother.fork();
    child.bind(counting, { isolation: 'sandbox' });
    const { result, end } = await child.run();
    assert.deepEqual([result.value, end.last], [1, true]);
    assert.equal(await statusAtEnd(mother, child.pid), 0);
  });

  test('carries out ten orders that come at once', async () => {
    await using mother = await warm();
    const tokens = Array.from({ length: 10 }, () => mother.order());
    const pids = new Map();
    for (const token of tokens) {
      const { forked, pid } = await mother.reply();
      assert.equal(forked, token);
      pids.set(token, pid);
    }
    assert.equal(new Set(pids.values()).size, 10);
    const values = await Promise.all(tokens.map(async (token) => {
      const child = await mother.child(token, pids.get(token));
      child.letGo();
      assert.equal((await child.next()).type, types.ready);
      child.bind('return event;', { isolation: 'sandbox' });
      return (await child.run(token)).result.value;
    }));
    assert.deepEqual(values, tokens);
  });

  test('tells how a child has ended, that it has not, and that there is none', async () => {
    await using mother = await warm();
    const child = await mother.fork();
    assert.equal(await mother.reap(child.pid), null);
    child.sendBytes(Buffer.from([0x42, 0, 0, 0, 0]));
    assert.equal(await statusAtEnd(mother, child.pid), 70 << 8);
    assert.equal(await mother.reap(child.pid), -1);
    const killed = await mother.fork();
    process.kill(mother.hostPidOf(killed.pid), 'SIGKILL');
    assert.equal(await statusAtEnd(mother, killed.pid), KILLED);
  });

  test('ends with every sandbox at the end of her input', async () => {
    const mother = await warm();
    const [first, second] = [await mother.fork(), await mother.fork()];
    mother.endInput();
    assert.deepEqual([(await mother.exited).code, mother.stderr], [0, '']);
    for (const child of [first, second]) await assert.rejects(child.next(), /the zygote ended/);
    await mother.close();
  });

  test('ends with status 0 when no line comes', async () => {
    const mother = await Mother.start({ silent: true });
    mother.endInput();
    assert.deepEqual([(await mother.exited).code, mother.stderr], [0, '']);
    await mother.close();
  });
});

describe('A child of the mother', () => {
  test('has the walls that the calls make', async () => {
    await using mother = await warm();
    const seen = await valueIn(mother, `
      const fs = require('fs'), status = fs.readFileSync('/proc/1/status', 'utf8');
      const rights = /CapEff:\\s+0+\\n.*CapBnd:\\s+0+\\n/s.test(status);
      return [fs.readdirSync('/tmp'), process.getuid(), require('os').hostname(), process.cwd(), rights,
        fs.readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name) && name !== String(process.pid))];`);
    assert.deepEqual(seen, [FRESH_TMP, 1000, 'child', '/tmp', true, ['1']]);
  });

  test('has a fresh /tmp', async () => {
    await using mother = await warm();
    const source = "const fs = require('fs'), seen = fs.readdirSync('/tmp'); fs.writeFileSync('/tmp/left', 'x'); return seen;";
    for (let round = 0; round < 3; round++) assert.deepEqual(await valueIn(mother, source), FRESH_TMP);
  });

  test('restores the mode that its own /tmp had, not that of the mother\'s', async () => {
    const child = callsOfChild().map((call) => (call.why === 'a fresh /tmp'
      ? { ...call, arguments: [...call.arguments.slice(0, 4), 'mode=0700'] } : call));
    await using mother = await warm({ child });
    const sandbox = await mother.fork();
    sandbox.bind("const fs = require('fs'), { mode } = fs.statSync('/tmp'); fs.chmodSync('/tmp', 0o777); return mode & 0o777;");
    for (let round = 0; round < 2; round++) assert.equal((await sandbox.run()).result.value, 0o700);
  });

  test('shares no descriptor with the mother or with its own children', async () => {
    await using mother = await warm();
    const child = await mother.fork();
    child.bind(`const fs = require('fs'), open = [];
      for (const fd of fs.readdirSync('/proc/self/fd')) try { open.push(fs.readlinkSync('/proc/self/fd/' + fd)); } catch {}
      return open;`);
    const links = (await child.run()).result.value;
    const foreign = new Set([mother.pid, mother.hostPidOf(child.pid)].flatMap((pid) => descriptorsOf(pid))
      .filter((link) => /^(pipe|socket):/.test(link)));
    assert.ok(foreign.size >= 6, `${foreign.size}`);
    for (const link of links) {
      assert.match(link, /^(\/dev\/null|pipe:.*|anon_inode:\[(eventpoll|io_uring|eventfd)\])$/);
      assert.ok(!foreign.has(link), link);
    }
    const zygote = descriptorsOf(mother.hostPidOf(child.pid)).filter((link) => /^(pipe|socket|pid):/.test(link));
    const shared = zygote.filter((link) => descriptorsOf(mother.pid).includes(link));
    assert.deepEqual(shared, []);
  });

  test('has one thread, and is called a zygote', async () => {
    await using mother = await warm();
    const source = `const status = require('fs').readFileSync('/proc/1/status', 'utf8');
      return [/Name:\\s+(.*)/.exec(status)[1], /Threads:\\s+(.*)/.exec(status)[1]];`;
    assert.deepEqual(await valueIn(mother, source), ['faas-zygote', '1']);
    assert.equal(mother.nameOf(mother.pid), 'faas-mother');
  });

  test('has its own random numbers', async () => {
    await using mother = await warm();
    const seen = [];
    for (let round = 0; round < 4; round++) {
      seen.push(await valueIn(mother, "return [Math.random(), require('crypto').randomUUID()];", {}, { isolation: 'sandbox' }));
    }
    assert.equal(new Set(seen.flat()).size, 8);
  });

  test('can do what a forked node can do', async () => {
    await using mother = await warm();
    const value = await valueIn(mother, `
      const { execSync } = require('child_process'), { Worker } = require('worker_threads');
      const worker = new Worker('require("worker_threads").parentPort.postMessage(process.pid)', { eval: true });
      const inWorker = await new Promise((resolve, reject) => worker.on('message', resolve).on('error', reject));
      await require('fs').promises.writeFile('/tmp/file', 'text');
      const start = performance.now();
      await new Promise((resolve) => setTimeout(resolve, 20));
      return [execSync('echo sync').toString(), inWorker === process.pid, await require('fs').promises.readFile('/tmp/file', 'utf8'),
        performance.now() - start >= 19, typeof gc, process.execArgv, await import('node:https').then((https) => typeof https.get)];`);
    assert.deepEqual(value, ['sync\n', true, 'text', true, 'undefined', [], 'function']);
  });

  test('ends with status 0, without a word, when the server is gone before it has its byte', async () => {
    await using mother = await warm();
    const token = mother.order();
    const { pid } = await mother.reply();
    const child = await mother.child(token, pid);
    child.endInput();
    assert.equal(await statusAtEnd(mother, pid), 0);
    assert.equal(child.stderr, '');
  });

  test('says on its own stderr which call has failed, and the mother goes on', async () => {
    await using mother = await warm({ child: [...callsOfChild(), nothing, { ...failing, arguments: [{ given: 'folder' }] }] });
    const token = mother.order({ folder: '/missing' });
    const { pid } = await mother.reply();
    const child = await mother.child(token, pid);
    child.letGo();
    await assert.rejects(child.next(), { message: 'the zygote ended: a folder: chdir failed, errno 2\n' });
    assert.equal(await statusAtEnd(mother, pid), EXITED_71);
    assert.deepEqual([(await mother.fork({ folder: '/tmp' })).ready, mother.stderr], [VERSION, '']);
  });

  test('says on the mother\'s stderr that it has no connection to the server', async () => {
    const mother = await warm({ listens: false });
    mother.order();
    const { pid } = await mother.reply();
    assert.equal(await statusAtEnd(mother, pid), EXITED_71);
    mother.endInput();
    assert.equal((await mother.exited).code, 0);
    assert.equal(mother.stderr, 'connecting to the server: connect failed, errno 2\n');
    await mother.close();
  });
});

describe('A fork that fails is told, and the mother goes on', () => {
  const failure = async (mother, given) => {
    const token = mother.order(given);
    const { failed, error } = await mother.reply();
    assert.equal(failed, token);
    return error;
  };

  test('when a call before it fails', async () => {
    await using mother = await warm({ before: [{ ...failing, arguments: [{ given: 'folder' }] }, ...callsBefore()] });
    assert.equal(await failure(mother, { folder: '/missing' }), 'a folder: chdir failed, errno 2');
    assert.deepEqual((await mother.fork({ folder: '/tmp' })).ready, VERSION);
  });

  test('when there may be no further process', async () => {
    const RLIMIT_NPROC = 6;
    const [none, many] = ['\0'.repeat(8), `d${'\0'.repeat(7)}`]; // 0 and 100, of eight bytes
    await using mother = await warm({
      before: [{ call: 'setrlimit', arguments: [RLIMIT_NPROC, { given: 'limits' }], why: 'a limit' }, ...callsBefore()],
    });
    assert.equal(await failure(mother, { limits: none + many }), 'fork failed, errno 11');
    assert.deepEqual((await mother.fork({ limits: many + many })).ready, VERSION);
  });

  test('when a value that a call needs is not given', async () => {
    await using mother = await warm({ child: [...callsOfChild(), { ...nothing, arguments: [3, { given: 'more', length: true }] }] });
    assert.equal(await failure(mother), 'no value is given for more');
    assert.equal(await failure(mother, { more: 1 }), 'more has no length: it is not a text');
    assert.equal(await failure(mother, { more: null }), 'more is neither a whole number nor a text nor bytes');
    assert.deepEqual((await mother.fork({ more: '' })).ready, VERSION);
  });
});

describe('The mother does not go on', () => {
  /** Starts her, sends `text`, and returns how she ended. */
  const ends = async (text, settings) => {
    const mother = await Mother.start(settings);
    mother.sendText(text);
    const { code } = await mother.exited;
    await mother.close();
    return [code, mother.stderr];
  };

  test('with a call that the runtime does not know', async () => {
    const [code, stderr] = await ends('', { child: [nothing, { call: 'execve', arguments: [], why: 'another program' }] });
    assert.equal(code, 71);
    assert.match(stderr, /another program: the runtime does not know the call execve/);
  });

  test('after a line that is no order', async () => {
    const malformed = ['{"fork": 1}', '{"fork": "a\\nb"}', '{"fork": "a", "given": 1}', '{"reap": 0}', '{"reap": "1"}', '{}', '[]', 'null',
      '{'];
    for (const text of malformed) {
      const [code, stderr] = await ends(`${text}\n`);
      assert.equal(code, 70, text);
      assert.match(stderr, /not an order|not a JSON object/);
    }
  });

  test('with a first line of another form', async () => {
    const malformed = [{ socket: undefined }, { socket: 'x'.repeat(108) }, { before: {} }, { child: [{ call: 'prctl' }] }, { filter: 1 }];
    for (const settings of malformed) {
      assert.equal((await ends('', settings))[0], 70, JSON.stringify(settings));
    }
  });

  test('where node cannot be forked', async () => {
    const [code, stderr] = await ends('', { walls: Buffer.from([6, 0, 0, 0, 0, 0, 0xff, 0x7f]) });
    assert.equal(code, 71);
    assert.match(stderr, /MADV_DONTFORK/);
  });

  test('where she is not process 1', async () => {
    const entry = fileURLToPath(new URL('../../../runtimes/node/mother.mjs', import.meta.url));
    const running = promisify(execFile)(process.execPath, ['--no-warnings', '--experimental-ffi', entry]);
    const { code, stderr } = await running.catch((error) => error);
    assert.equal(code, 72);
    assert.match(stderr, /mother\.mjs must be process 1/);
  });
});
