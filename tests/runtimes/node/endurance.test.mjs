import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { parseResult, types } from './frames.mjs';
import { Sandbox, run } from './sandbox.mjs';

/** Runs `attack`, and proves that the sandbox serves the next run and that nothing of the attack is left. */
async function survives(attack, expectation, options) {
  await using sandbox = await Sandbox.with(`
    const fs = require('fs');
    if (event.probe) {
      const processes = fs.readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name)).map(Number);
      const left = fs.readdirSync('/tmp').filter((name) => name !== 'script.js');
      return [processes.filter((pid) => pid !== 1 && pid !== process.pid), left, fs.readdirSync('/dev/shm')];
    }
    ${attack}`, options);
  const outcome = await sandbox.run();
  expectation?.(outcome);
  for (let round = 0; round < 2; round++) {
    const { result, stdout } = await sandbox.run({ probe: true });
    assert.deepEqual([result?.value, stdout], [[[], [], []], '']);
  }
}

const residentBytes = (pid) => Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) * 1024;

describe('How a child ends', () => {
  const cases = [
    ['process.exit(3)', { exitCode: 3, signal: null }],
    ['process.exit()', { exitCode: 0, signal: null }],
    ['process.exitCode = 5', { exitCode: 5, signal: null }],
    ['setTimeout(() => process.exit(4), 5)', { exitCode: 4, signal: null }],
    ["process.on('exit', () => process.exit(6)); process.exit(1)", { exitCode: 6, signal: null }],
    ["process.kill(process.pid, 'SIGSEGV'); for (;;);", { exitCode: null, signal: 11 }],
    ["process.kill(process.pid, 'SIGKILL'); for (;;);", { exitCode: null, signal: 9 }],
    ["process.kill(process.pid, 'SIGTERM'); for (;;);", { exitCode: null, signal: 15 }],
    ['process.abort()', { exitCode: null, signal: 6 }],
    ["process.execve('/bin/sh', ['sh', '-c', 'exit 7'])", { exitCode: 7, signal: null }],
  ];
  for (const [source, expected] of cases) {
    test(`END reports: ${source}`, async () => {
      const { result, end } = await run(source);
      const { exitCode, signal } = end;
      assert.deepEqual([result, { exitCode, signal }], [null, expected]);
    });
  }

  test('Output before process.exit arrives complete', async () => {
    const { stdout, end } = await run("process.stdout.write('x'.repeat(3_000_000)); console.log('end'); process.exit(2);");
    assert.deepEqual([stdout.length, stdout.endsWith('xend\n'), end.exitCode], [3_000_004, true, 2]);
  });

  test('Processor time and memory of all processes are counted', async () => {
    const { end } = await run(`const until = Date.now() + 100;
      while (Date.now() < until);
      require('child_process').execSync('i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done');
      return Buffer.alloc(50_000_000, 1).length;`);
    assert.ok(end.cpuMicroseconds > 50_000, `${end.cpuMicroseconds}`);
    assert.ok(end.maxRssBytes > 50_000_000 && end.maxRssBytes < 300_000_000, `${end.maxRssBytes}`);
  });
});

describe('Output', () => {
  test('Text arrives complete, in any encoding, even if a script has replaced the built-ins that encode', async () => {
    await using sandbox = await Sandbox.with(`
      TextEncoder.prototype.encodeInto = globalThis.TextEncoder = globalThis.Buffer = String.prototype.slice = null;
      process.stdout.write('€'.repeat(50_000));
      process.stdout.write('x' + '😀'.repeat(40_000));
      process.stdout.write('a\\ud800b');
      process.stdout.write('');
      process.stdout.write('00ff', 'hex');
      process.stdout.write('é', 'latin1');
      process.stdout.write('é', 'UTF-8');`);
    sandbox.send(types.run, '{}');
    const printed = [];
    for (let read; (read = await sandbox.next()).type !== types.end;) if (read.type === types.stdout) printed.push(read.payload);
    const text = `${'€'.repeat(50_000)}x${'😀'.repeat(40_000)}a\ufffdb`;
    const expected = Buffer.concat([Buffer.from(text), Buffer.from([0, 255, 0xe9]), Buffer.from('é')]);
    assert.deepEqual(Buffer.concat(printed).compare(expected), 0);
  });

  test('It is binary-safe and may come from child processes', async () => {
    await using sandbox = await Sandbox.with(`process.stdout.write(Buffer.from([0, 255, 10, 128]));
      require('child_process').execSync('printf "\\\\377x" >&2', { stdio: 'inherit' });
      return 1;`);
    sandbox.send(types.run, '{}');
    const bytes = { [types.stdout]: [], [types.stderr]: [], [types.result]: [] };
    for (let read; (read = await sandbox.next()).type !== types.end;) bytes[read.type].push(...read.payload);
    assert.deepEqual([bytes[types.stdout], bytes[types.stderr]], [[0, 255, 10, 128], [255, 0x78]]);
  });

  test('A child process that makes the shared pipe non-blocking loses nothing', async () => {
    const { stdout, result } = await run(`
      const { spawn } = require('child_process');
      const child = spawn(process.execPath, ['-e', 'process.stdout.write("c"); setTimeout(() => {}, 300)'], { stdio: 'inherit' });
      await new Promise((resolve) => setTimeout(resolve, 250));
      for (let i = 0; i < 300; i++) process.stdout.write('x'.repeat(10_000));
      return 1;`);
    assert.equal(result?.value, 1);
    assert.equal(stdout.replace('c', '').length, 3_000_000);
  });

  test('Pipelines to stdout end without closing it', async () => {
    const { stdout } = await run(`
      const { Readable } = require('stream'), { pipeline } = require('stream/promises');
      await pipeline(Readable.from(['a', 'b']), process.stdout);
      Readable.from(['c']).pipe(process.stdout);
      setTimeout(() => console.log('d'), 20);`);
    assert.equal(stdout, 'abcd\n');
  });

  test('A server that does not read stalls a script that prints a hundred megabytes, and the zygote does not grow', async () => {
    await using sandbox = await Sandbox.with(`
      const line = 'x'.repeat(999);
      for (let i = 0; i < event.lines; i++) console.log(line);
      return process.memoryUsage().rss;`);
    await sandbox.run({ lines: 30_000 }); // the heap's young generation grows to its full size
    const { zygotePid } = sandbox;
    const before = residentBytes(zygotePid), writtenBefore = writtenBytes(zygotePid);
    sandbox.pauseReading();
    sandbox.send(types.run, '{"lines":100000}');
    let written = -1;
    for (let now = 0; now !== written; now = writtenBytes(zygotePid)) { // until it stands still
      written = now;
      await new Promise((resolve) => { setTimeout(resolve, 300); });
    }
    assert.ok(residentBytes(zygotePid) - before < 4_000_000);
    assert.ok(written - writtenBefore < 20_000_000);
    sandbox.resumeReading();
    let received = 0;
    const message = [];
    for (let read; (read = await sandbox.next()).type !== types.end;) {
      assert.ok(read.payload.length >= 1 && read.payload.length <= 65536);
      if (read.type === types.stdout) received += read.payload.length;
      if (read.type === types.result) message.push(read.payload);
    }
    assert.equal(received, 100_000_000);
    assert.ok(parseResult(Buffer.concat(message)).value < 150_000_000);
    assert.ok(residentBytes(zygotePid) - before < 8_000_000);
  });
});

const writtenBytes = (pid) => Number(/wchar: (\d+)/.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))[1]);

describe('A sandbox outlives', () => {
  const shell = (command) =>
    `require('child_process').spawn('/bin/sh', ['-c', ${JSON.stringify(command)}], { stdio: 'inherit', detached: true });`;

  test('children that go on printing in sessions of their own after a return', async () => {
    await survives(`
      for (let i = 0; i < 30; i++) { ${shell('trap "" TERM HUP INT; while :; do echo noise; done')} }
      await new Promise((resolve) => setTimeout(resolve, 100));
      return 'done';`, ({ result }) => assert.equal(result.value, 'done'));
  });

  test('children that hold the pipes after the script has died', async () => {
    const source = `${shell('sleep 1000 & sleep 1000')} setTimeout(() => process.exit(9), 50);`;
    await survives(source, ({ end }) => assert.equal(end.exitCode, 9));
  });

  test('a script that closes all its descriptors', async () => {
    await survives('for (let fd = 0; fd < 1100; fd++) { try { fs.closeSync(fd); } catch {} } process.exit(8);', ({ end, result }) => {
      assert.equal(result, null);
      assert.ok(end.exitCode !== null || end.signal !== null);
    });
  });

  test('garbage in the result pipe', async () => {
    const intoResult = (bytes) => `
      const fd = fs.readdirSync('/proc/self/fd').map(Number).find((fd) => fd >= 1000);
      fs.writeSync(fd, Buffer.from(${JSON.stringify(bytes)}));`;
    await survives(`${intoResult([0x56, 255, 255, 255, 255, 1, 2, 3])} process.exit(1);`, ({ resultBytes }) => {
      assert.deepEqual([...resultBytes], [0x56, 255, 255, 255, 255, 1, 2, 3]);
    });
    await survives(`${intoResult([0x56, 2])} process.exit(1);`, ({ resultBytes }) => assert.equal(resultBytes.length, 2));
    await survives(`${intoResult([0x5a, 1, 0, 0, 0, 7, 9, 9, 9])} for (;;);`,
      ({ resultBytes }) => assert.deepEqual([...resultBytes], [0x5a, 1, 0, 0, 0, 7]));
  });

  test('a script that is killed from outside', async () => {
    await using sandbox = await Sandbox.with("if (event.wait) { console.log(process.pid); for (;;); }\nreturn 1;");
    sandbox.send(types.run, '{"wait":true}');
    await sandbox.next();
    process.kill(sandbox.childrenOfZygote()[0], 'SIGKILL');
    assert.equal((await sandbox.outcome()).end.signal, 9);
    assert.equal((await sandbox.run()).result.value, 1);
  });

  test('a child that is killed before its order comes', async () => {
    await using sandbox = await Sandbox.with('return 1;');
    assert.equal((await sandbox.run()).result.value, 1);
    for (let round = 0; round < 3; round++) {
      let pid;
      while (pid === undefined) {
        await new Promise((resolve) => { setImmediate(resolve); });
        [pid] = sandbox.childrenOfZygote();
      }
      process.kill(pid, 'SIGKILL');
      while (!/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))) await new Promise((resolve) => { setImmediate(resolve); });
      assert.equal((await sandbox.run()).result?.value, 1);
    }
  });

  test('a script that needs more than its heap', async () => {
    await survives('const held = []; for (;;) held.push(new Array(1e6).fill({}));', ({ result, end }) => {
      assert.equal(result, null);
      assert.ok(end.signal === 6 || end.signal === 5, JSON.stringify(end));
    }, { flags: ['--max-old-space-size=64'] });
  });

  test('a fork bomb that reaches its limit', async () => {
    await survives(`const { spawn } = require('child_process');
      for (let i = 0; i < 60; i++) spawn('sleep', ['1000'], { detached: true }).on('error', () => {});
      return 1;`);
  });
});

describe('Folders between two runs', () => {
  test('Deep trees, unreadable folders, odd names, links, sockets and pipes are removed', async () => {
    await survives(`
      const { execSync } = require('child_process');
      process.chdir('/tmp');
      for (let i = 0; i < 3000; i++) { fs.mkdirSync('deep'); process.chdir('deep'); fs.writeFileSync('f', ''); }
      process.chdir('/tmp');
      for (const base of ['/tmp', '/dev/shm']) {
        process.chdir(base);
        fs.mkdirSync('locked/in/ner', { recursive: true });
        fs.writeFileSync('locked/in/ner/file', 'x');
        fs.chmodSync('locked/in/ner', 0); fs.chmodSync('locked/in', 0); fs.chmodSync('locked', 0);
        for (const name of [[0xff, 0xfe], [0x0a], [0x2d, 0x72], [0x2e, 0x2e, 0x2e], [0x20], new Array(255).fill(0x61)]) {
          fs.writeFileSync(Buffer.from([...Buffer.from(base + '/'), ...name]), 'x');
          fs.mkdirSync(Buffer.from([...Buffer.from(base + '/d'), ...name.slice(0, 200)]));
        }
        fs.symlinkSync('/usr', 'link'); fs.symlinkSync('missing', 'dangling'); fs.mkdirSync('.hidden');
        execSync('mkfifo fifo; ln fifo hard');
        await new Promise((resolve) => require('net').createServer().listen(base + '/socket', resolve));
      }
      for (let i = 0; i < 3000; i++) fs.writeFileSync('/tmp/many' + i, '');
      return 1;`, ({ result }) => assert.equal(result?.value, 1, JSON.stringify(result)));
  });

  test('Their mode is restored', async () => {
    await using sandbox = await Sandbox.with(`const fs = require('fs');
      if (event.first) { fs.writeFileSync('/tmp/a', ''); fs.chmodSync('/tmp', 0); return 0; }
      return [(fs.statSync('/tmp').mode & 0o7777).toString(8), fs.readdirSync('/tmp').filter((name) => name !== 'script.js')];`);
    const before = (await sandbox.run()).result.value;
    await sandbox.run({ first: true });
    assert.deepEqual((await sandbox.run()).result.value, before);
  });

  test('When restoring them takes too long, END is the last and the zygote ends', async () => {
    const source = "if (event.leave) require('fs').writeFileSync('/dev/shm/left', ''); return 1;";
    await using sandbox = await Sandbox.with(source, { emptying: 0 });
    const before = await sandbox.run();
    assert.deepEqual([before.result.value, before.end.last], [1, false]);
    const after = await sandbox.run({ leave: true });
    assert.deepEqual([after.result.value, after.end.last], [1, true]);
    assert.deepEqual([(await sandbox.exited).code, sandbox.stderr], [0, '']);
  });

  test('When something cannot be removed, the zygote says so and ends', async () => {
    const source = "require('fs').writeFileSync('/tmp/fixed/file', 'x'); return 1;";
    const sandbox = await Sandbox.with(source, { extra: ['--perms', '0777', '--size', '65536', '--tmpfs', '/tmp/fixed'] });
    sandbox.send(types.run, '{}');
    await assert.rejects(sandbox.outcome(), /the zygote ended \(71\).*errno 16/s);
  });
});

describe('The protocol', () => {
  const exits = async (bytes, code) => {
    const sandbox = new Sandbox();
    await sandbox.next();
    sandbox.sendBytes(bytes);
    sandbox.endInput();
    assert.deepEqual((await sandbox.exited).code, code, sandbox.stderr);
  };
  const header = (type, length) => { const bytes = Buffer.alloc(5); bytes[0] = type; bytes.writeUInt32LE(length, 1); return bytes; };

  test('READY names the runtime and its version', async () => {
    await using sandbox = await Sandbox.with('return 1');
    assert.deepEqual(sandbox.ready, { protocol: 1, runtime: 'node', version: process.versions.node });
  });

  test('The end of its input ends the zygote', async () => {
    await exits(Buffer.alloc(0), 0);
    const sandbox = await Sandbox.with('return 1');
    await sandbox.run();
    sandbox.endInput();
    assert.equal((await sandbox.exited).code, 0);
  });

  test('A server that breaks the protocol ends it with 70', async () => {
    await exits(header(0x42, 0), 70);
    await exits(header(types.program, 33 * 1024 * 1024), 70);
    await exits(header(types.run, 0), 70);
    await exits(header(types.check, 1), 70);
    await exits(Buffer.from([1, 2]), 70);
    await exits(Buffer.concat([header(types.program, 3), Buffer.from('{x}')]), 70);
    await exits(Buffer.concat([header(types.program, 10), Buffer.from('{}')]), 70);
  });

  test('A second program ends it with 70', async () => {
    const sandbox = await Sandbox.with('return 1');
    sandbox.send(types.program, JSON.stringify({ filename: 'script.js', source: 'return 2' }));
    assert.equal((await sandbox.exited).code, 70);
  });

  test('A sandbox without the rule for madvise is refused with the reason', async () => {
    const sandbox = new Sandbox({ filter: Buffer.from([6, 0, 0, 0, 0, 0, 0xff, 0x7f]) });
    assert.equal((await sandbox.exited).code, 71);
    assert.match(sandbox.stderr, /MADV_DONTFORK/);
  });
});
