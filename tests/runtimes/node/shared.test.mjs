import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { types } from './frames.mjs';
import { FRESH_TMP, Sandbox } from './sandbox.mjs';

const shared = (source, options) => Sandbox.with(source, { ...options, isolation: 'shared' });

describe('A shared child', () => {
  test('Three hundred runs are served by one process, each with its own input and output', async () => {
    await using sandbox = await shared('console.log("n", event.n); return [event.n * 2, input === event, process.pid];');
    const pids = new Set();
    for (let n = 0; n < 300; n++) {
      const { result, stdout, stderr, end } = await sandbox.run({ n });
      const [twice, same, pid] = result.value;
      pids.add(pid);
      assert.deepEqual([twice, same, stdout, stderr], [n * 2, true, `n ${n}\n`, '']);
      assert.deepEqual([end.exitCode, end.signal, end.last], [0, null, false]);
    }
    assert.equal(pids.size, 1);
  });

  test('Globals, modules and files stay; variables of the body are new', async () => {
    await using sandbox = await shared(`
      let count = 0; count++;
      globalThis.count = (globalThis.count ?? 0) + 1;
      require('path').count = (require('path').count ?? 0) + 1;
      require('fs').appendFileSync('/tmp/count', 'x');
      return [count, globalThis.count, require('path').count, require('fs').readFileSync('/tmp/count', 'utf8')];`);
    for (let n = 1; n <= 3; n++) assert.deepEqual((await sandbox.run()).result.value, [1, n, n, 'x'.repeat(n)]);
  });

  test('Static imports are bound in every run', async () => {
    await using sandbox = await shared(`
      import { sep } from 'path'; import * as fs from 'node:fs'; import own from 'data:text/javascript,export default { count: 0 }';
      return [sep, typeof fs.openSync, own.count++];`);
    for (let n = 0; n < 3; n++) assert.deepEqual((await sandbox.run()).result.value, ['/', 'function', n]);
  });

  test('An error ends the run, and the process stays', async () => {
    await using sandbox = await shared("globalThis.n = (globalThis.n ?? 0) + 1; if (event.fail) throw new TypeError('no'); return n;");
    assert.equal((await sandbox.run()).result.value, 1);
    const { result, end } = await sandbox.run({ fail: true });
    assert.deepEqual([result.kind, result.value.name, result.value.message, end.exitCode], ['E', 'TypeError', 'no', 0]);
    assert.equal((await sandbox.run()).result.value, 3);
  });

  test('A run that returns nothing ends when the event loop is empty, each time', async () => {
    await using sandbox = await shared("setTimeout(() => console.log('later', event.n), 5);");
    for (let n = 0; n < 3; n++) {
      const { result, stdout } = await sandbox.run({ n });
      assert.deepEqual([result.kind, stdout], ['N', `later ${n}\n`]);
    }
  });

  test('A promise that can never settle is an error, and the process stays', async () => {
    await using sandbox = await shared('globalThis.n = (globalThis.n ?? 0) + 1; if (event.wait) await new Promise(() => {}); return n;');
    const { result } = await sandbox.run({ wait: true });
    assert.match(result.value.message, /event loop is empty/);
    assert.equal((await sandbox.run()).result.value, 2);
  });

  test('Timers stand still between runs and go on during the next one, which gets their output', async () => {
    await using sandbox = await shared(`
      if (event.start) {
        setInterval(() => { globalThis.ticks = (globalThis.ticks ?? 0) + 1; }, 5);
        setTimeout(() => console.log('late'), 5);
        return 'started';
      }
      const before = globalThis.ticks ?? 0;
      if (event.wait) await new Promise((resolve) => setTimeout(resolve, 60));
      return [before, globalThis.ticks ?? 0];`);
    const started = await sandbox.run({ start: true });
    assert.deepEqual([started.result.value, started.stdout], ['started', '']);
    await new Promise((resolve) => { setTimeout(resolve, 200); });
    const [child] = sandbox.childrenOfZygote();
    assert.match(readFileSync(`/proc/${child}/status`, 'utf8'), /^State:\s+S/m);
    const { result: { value: [before, after] }, stdout } = await sandbox.run({ wait: true });
    assert.ok(before <= 1 && after >= 2, `${before} ${after}`);
    assert.equal(stdout, 'late\n');
  });

  const late = [
    ["Promise.reject(new RangeError('left'));", 'a rejection'],
    ["setTimeout(() => { throw new RangeError('left'); }, 5);", 'a timer that throws'],
    ["setTimeout(() => Promise.reject(new RangeError('left')), 5);", 'a timer that rejects'],
  ];
  for (const [source, what] of late) {
    test(`An error after the reply is logged, and no other run is blamed for it: ${what}`, async () => {
      await using sandbox = await shared(`if (event.leave) { ${source} return 'left'; }
        await new Promise((resolve) => setTimeout(resolve, event.wait));
        if (event.fail) await Promise.reject(new TypeError('own'));
        return 'ran';`);
      assert.equal((await sandbox.run({ leave: true })).result.value, 'left');
      const { result, stderr } = await sandbox.run({ wait: 100 });
      assert.equal(result.value, 'ran');
      assert.match(stderr, /^After its reply, an earlier call of this process has failed:\nRangeError: left\n {4}at .*script\.js:1/);
      const own = await sandbox.run({ fail: true });
      assert.deepEqual([own.result.value.name, own.stderr], ['TypeError', '']);
      assert.deepEqual([(await sandbox.run()).result.value, (await sandbox.run()).stderr], ['ran', '']);
    });
  }

  test('Work that an earlier run left cannot return the value of a later one', async () => {
    await using sandbox = await shared(`
      if (event.slow) {
        setTimeout(() => { throw new Error('first'); }, 5);
        await new Promise((resolve) => setTimeout(resolve, 20));
        return 'slow';
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
      return event.n;`);
    const { result } = await sandbox.run({ slow: true });
    assert.equal(result.value.message, 'first');
    for (let n = 0; n < 2; n++) assert.equal((await sandbox.run({ n })).result.value, n);
  });

  const ends = [['process.exit(3)', 3, null], ["process.kill(process.pid, 'SIGKILL'); for (;;);", null, 9],
    ['process.exitCode = 5; return new Promise(() => {})', 5, null]];
  for (const [source, exitCode, signal] of ends) {
    test(`If it ends, END reports how, and the next run gets a fresh child and empty folders: ${source}`, async () => {
      await using sandbox = await shared(`
        const fs = require('fs');
        if (event.end) {
          fs.writeFileSync('/tmp/left', '');
          require('child_process').spawn('sleep', ['1000'], { detached: true, stdio: 'ignore' }).unref();
          globalThis.left = 1;
          ${source}
        }
        const processes = fs.readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name)).length;
        return [globalThis.left, fs.readdirSync('/tmp'), processes, process.pid];`);
      const first = (await sandbox.run()).result.value;
      const { result, end } = await sandbox.run({ end: true });
      assert.deepEqual([result, end.exitCode, end.signal], [null, exitCode, signal]);
      const [left, files, processes, pid] = (await sandbox.run()).result.value;
      assert.deepEqual([left, files, processes], [null, FRESH_TMP, 2]);
      assert.notEqual(pid, first[3]);
    });
  }

  test('If it is killed between two runs, it is replaced and its folders are emptied', async () => {
    await using sandbox = await shared(`const fs = require('fs');
      const seen = fs.readdirSync('/tmp');
      fs.writeFileSync('/tmp/left', '');
      return [process.pid, seen];`);
    const [pid] = (await sandbox.run()).result.value;
    const [child] = sandbox.childrenOfZygote();
    process.kill(child, 'SIGKILL');
    while (!/^State:\s+Z/m.test(readFileSync(`/proc/${child}/status`, 'utf8'))) await new Promise((resolve) => { setImmediate(resolve); });
    const [other, seen] = (await sandbox.run()).result.value;
    assert.notEqual(other, pid);
    assert.deepEqual(seen, FRESH_TMP);
  });

  test('After a script has closed every descriptor, its order pipe too, the next run gets a fresh child', async () => {
    await using sandbox = await shared(`
      const fs = require('fs');
      if (event.close) {
        const isReadEnd = (fd) => !fs.readFileSync('/proc/self/fdinfo/' + fd, 'utf8').includes('02000001');
        const open = fs.readdirSync('/proc/self/fd').map(Number).filter((fd) => fd >= 1000);
        for (const fd of open) if (fs.fstatSync(fd).isFIFO() && isReadEnd(fd)) fs.closeSync(fd);
        return 'closed';
      }
      return process.pid;`);
    const pid = (await sandbox.run()).result.value;
    assert.equal((await sandbox.run({ close: true })).result.value, 'closed');
    const after = await sandbox.run();
    const other = after.result === null ? (await sandbox.run()).result.value : after.result.value;
    assert.notEqual(other, pid);
  });

  test('A process that prints for ever does not keep a run from ending, and lives on', async () => {
    await using sandbox = await shared(`
      if (event.start) {
        const { spawn } = require('child_process');
        globalThis.child = spawn('/bin/sh', ['-c', 'while :; do echo noise; done'], { stdio: 'inherit' });
        return child.pid;
      }
      if (event.kill) { child.kill('SIGKILL'); return await new Promise((resolve) => child.on('exit', (code, signal) => resolve(signal))); }
      return child.exitCode;`);
    assert.equal(typeof (await sandbox.run({ start: true })).result.value, 'number');
    assert.equal((await sandbox.run()).result.value, null);
    assert.equal((await sandbox.run({ kill: true })).result.value, 'SIGKILL');
  });

  test('Each END reports the processor time of its run, and the memory of the process', async () => {
    await using sandbox = await shared(`if (event.burn) {
        const until = process.cpuUsage().user + 100_000;
        while (process.cpuUsage().user < until);
      }
      globalThis.held ??= Buffer.alloc(50_000_000, 1);
      return 1;`);
    const idle = [await sandbox.run(), await sandbox.run()][1].end;
    const busy = (await sandbox.run({ burn: true })).end;
    const after = (await sandbox.run()).end;
    assert.ok(busy.cpuMicroseconds >= 100_000, `${busy.cpuMicroseconds}`);
    assert.ok(idle.cpuMicroseconds < 100_000 && after.cpuMicroseconds < 100_000, `${idle.cpuMicroseconds} ${after.cpuMicroseconds}`);
    assert.ok(busy.maxRssBytes > 50_000_000 && busy.maxRssBytes < 300_000_000, `${busy.maxRssBytes}`);
  });

  test('Large inputs, outputs and values arrive complete, run after run', async () => {
    await using sandbox = await shared("process.stdout.write('x'.repeat(event.length)); return event;");
    for (const length of [1, 65_536, 3_000_000]) {
      const { result, stdout } = await sandbox.run('y'.repeat(length));
      assert.deepEqual([result.value.length, stdout.length], [length, length]);
    }
  });

  test('A check passes between runs, and a program that does not compile fails each time', async () => {
    await using sandbox = await shared('globalThis.n = (globalThis.n ?? 0) + 1; return n;');
    assert.equal((await sandbox.run()).result.value, 1);
    assert.equal((await sandbox.check()).result.kind, 'N');
    assert.equal((await sandbox.run()).result.value, 2);
    await using broken = await shared('let = ;');
    for (let round = 0; round < 2; round++) assert.equal((await broken.run()).result.kind, 'S');
    assert.equal((await broken.check()).result.kind, 'S');
  });

  test('The end of the zygote\'s input ends the zygote and its child', async () => {
    const sandbox = await shared('return 1;');
    await sandbox.run();
    sandbox.endInput();
    assert.equal((await sandbox.exited).code, 0);
  });

  test('The end of the result and END come in one write', async () => {
    await using sandbox = await shared('return 1;');
    await sandbox.run();
    const writes = () => Number(/syscw: (\d+)/.exec(readFileSync(`/proc/${sandbox.zygotePid}/io`, 'utf8'))[1]);
    const before = writes();
    sandbox.send(types.run, '{}');
    await sandbox.outcome();
    assert.equal(writes() - before, 2); // the order to the child, and the frames to the server
  });
});
