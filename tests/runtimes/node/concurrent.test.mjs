import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Concurrent } from './concurrent.mjs';

const sleep = 'const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));\n';

describe('A concurrent child', () => {
  test('Runs wait side by side, each with its own input, output and variables', async () => {
    await using child = await Concurrent.with(`${sleep}
      const n = event.n;
      console.log('begin', event.n);
      globalThis.begun = (globalThis.begun ?? 0) + 1;
      while (globalThis.begun < 50) await sleep(1); // one after another, they would wait for ever
      await sleep(100 - n);
      process.stdout.write('middle ' + event.n + '\\n');
      console.error('error', input.n);
      await sleep(1);
      return [n, event.n, input === event, process.pid];`);
    const runs = await Promise.all(Array.from({ length: 50 }, (_, n) => child.run({ n })));
    const pid = runs[0].result.value[3];
    runs.forEach(({ result, stdout, stderr }, n) => {
      assert.deepEqual([result.value, stdout, stderr], [[n, n, true, pid], `begin ${n}\nmiddle ${n}\n`, `error ${n}\n`]);
    });
  });

  test('Globals, modules and files stay; variables of the body are new', async () => {
    await using child = await Concurrent.with(`
      let count = 0; count++;
      globalThis.count = (globalThis.count ?? 0) + 1;
      require('fs').appendFileSync('/tmp/count', 'x');
      return [count, globalThis.count, require('fs').readFileSync('/tmp/count', 'utf8')];`);
    for (let n = 1; n <= 3; n++) assert.deepEqual((await child.run()).result.value, [1, n, 'x'.repeat(n)]);
  });

  test('Timers, callbacks, events and child processes that are read print into their own run', async () => {
    await using child = await Concurrent.with(`
      const { execFile } = require('child_process');
      const { EventEmitter } = require('events');
      const emitter = new EventEmitter();
      emitter.on('told', () => console.log('event', event.n));
      await new Promise((resolve) => setTimeout(() => { console.log('timer', event.n); resolve(); }, 5));
      emitter.emit('told');
      await new Promise((resolve) => execFile('/bin/echo', ['echo', event.n], (error, out) => { process.stdout.write(out); resolve(); }));
      await require('fs/promises').readFile('/proc/self/stat').then(() => console.log('file', event.n));`);
    const runs = await Promise.all([1, 2, 3, 4].map((n) => child.run({ n })));
    runs.forEach(({ result, stdout }, at) => {
      assert.deepEqual([result.kind, stdout], ['N', ['timer', 'event', 'echo', 'file'].map((word) => `${word} ${at + 1}\n`).join('')]);
    });
  });

  test('An assignment to event is seen by its own run only', async () => {
    await using child = await Concurrent.with(`${sleep} event = event.n * 10; await sleep(5); return [event, input.n];`);
    const runs = await Promise.all([1, 2].map((n) => child.run({ n })));
    assert.deepEqual(runs.map(({ result }) => result.value), [[10, 1], [20, 2]]);
  });

  test('What is thrown, rejected or returned without JSON ends its own run only', async () => {
    await using child = await Concurrent.with(`${sleep}
      if (event.how === 'throw') throw new TypeError('no');
      if (event.how === 'timer') { setTimeout(() => { throw new RangeError('later'); }, 1); await sleep(1000); }
      if (event.how === 'reject') { Promise.reject(new Error('unhandled')); await sleep(1000); }
      if (event.how === 'json') return 1n;
      await sleep(30);
      return 'fine';`);
    const runs = await Promise.all(['throw', 'timer', 'reject', 'json', ''].map((how) => child.run({ how })));
    assert.deepEqual(runs.map(({ result: { kind, value } }) => [kind, value.name ?? value]),
      [['E', 'TypeError'], ['E', 'RangeError'], ['E', 'Error'], ['E', 'TypeError'], ['V', 'fine']]);
  });

  test('A run that returns nothing is over when its promise settles', async () => {
    await using child = await Concurrent.with("setTimeout(() => console.log('late'), 20); console.log('early');");
    const { result, stdout } = await child.run();
    assert.deepEqual([result.kind, stdout], ['N', 'early\n']);
  });

  test('A run that is cancelled is heard, prints no more, and is over when its promise settles', async () => {
    await using child = await Concurrent.with(`${sleep} console.log('before'); await sleep(200); console.log('after'); return 1;`);
    const run = child.begin();
    await new Promise((resolve) => { setTimeout(resolve, 50); });
    child.cancel(run);
    const { result, stdout } = await run.over;
    assert.deepEqual([result.value, stdout, child.heard], [1, 'before\n', [run.number]]);
    assert.equal((await child.run()).result.value, 1);
  });

  test('process.exit tells which run has called it, and then the end of the process', async () => {
    await using child = await Concurrent.with(`${sleep} if (event.exit) process.exit(3); await sleep(10_000);`);
    const other = child.run();
    const { result } = await child.run({ exit: true });
    assert.deepEqual([result.kind, result.value], ['X', 3]);
    const { end } = await other;
    assert.deepEqual([end.exitCode, end.signal, end.last], [3, null, true]);
    assert.equal((await child.sandbox.exited).code, 0);
  });

  test('When a signal ends the process, END tells it, and what no run could be told to have printed comes before', async () => {
    await using child = await Concurrent.with(`${sleep}
      require('fs').writeSync(1, 'x'.repeat(100_000) + 'from below\\n');
      require('child_process').execFileSync('/bin/echo', ['from a process'], { stdio: 'inherit' });
      setTimeout(() => process.kill(process.pid, 'SIGSEGV'), 20);
      await sleep(10_000);`);
    const { end } = await child.run();
    assert.deepEqual([end.exitCode, end.signal, end.last], [null, 11, true]);
    assert.match(child.leftOver, /x{30000}from below\nfrom a process\n$/);
    assert.ok(child.leftOver.length <= 65_536);
  });

  test('A process that no run could be told from can print for ever', async () => {
    await using child = await Concurrent.with(`
      require('child_process').spawn('/bin/sh', ['-c', 'while :; do echo noise; done'], { stdio: 'inherit' });
      return 1;`);
    for (let n = 0; n < 20; n++) {
      const { result, stdout } = await child.run();
      assert.deepEqual([result.value, stdout], [1, '']);
      if (n === 3) break;
    }
  });

  test('Large inputs, outputs and values arrive complete, and together', async () => {
    await using child = await Concurrent.with("process.stdout.write('x'.repeat(event.length)); return event;");
    const lengths = [1, 65_520, 65_531, 65_536, 3_000_000];
    const runs = await Promise.all(lengths.map((length) => child.run('y'.repeat(length))));
    assert.deepEqual(runs.map(({ result, stdout }) => [result.value.length, stdout.length]), lengths.map((length) => [length, length]));
  });

  test('A program that does not compile fails each run', async () => {
    await using child = await Concurrent.with('let = ;');
    assert.deepEqual((await Promise.all([child.run(), child.run()])).map(({ result }) => result.kind), ['S', 'S']);
  });

  test('Static imports are bound in every run', async () => {
    await using child = await Concurrent.with("import { sep } from 'path'; import own from 'data:text/javascript,export default { count: 0 }'; return [sep, own.count++];");
    assert.deepEqual((await Promise.all([child.run(), child.run()])).map(({ result }) => result.value), [['/', 0], ['/', 1]]);
  });

  test('A handler is called in each run, and sees the variables of its own run', async () => {
    await using child = await Concurrent.with(`${sleep}
      const n = event.n;
      await sleep(20 - n);
      export const handler = async (given) => { await sleep(5); return [n, given.n]; };`);
    const runs = await Promise.all([1, 2, 3].map((n) => child.run({ n })));
    assert.deepEqual(runs.map(({ result }) => result.value), [[1, 1], [2, 2], [3, 3]]);
    await using printing = await Concurrent.with("if (event.print) console.log('printed'); exports.handler = () => 'called';");
    const [called, printed] = await Promise.all([printing.run({}), printing.run({ print: true })]);
    assert.deepEqual([called.result.value, printed.result.value, printed.stdout], ['called', { handler: 'handler' }, 'printed\n']);
  });

  test('Bytes are returned as bytes', async () => {
    await using child = await Concurrent.with("return event.blob ? new Blob(['hi'], { type: 'text/plain' }) : Buffer.from('hi');");
    const runs = await Promise.all([child.run({}), child.run({ blob: true })]);
    assert.deepEqual(runs.map(({ result: { kind, value } }) => [kind, value.base64, value.mediaType]),
      [['B', 'aGk=', 'application/octet-stream'], ['B', 'aGk=', 'text/plain']]);
  });

  test('Work that a run left behind does not print into a later one', async () => {
    await using child = await Concurrent.with(`${sleep}
      if (event.leave) { setTimeout(() => console.log('late'), 5); return 'left'; }
      await sleep(50);
      return 'ran';`);
    assert.equal((await child.run({ leave: true })).result.value, 'left');
    const { result, stdout } = await child.run();
    assert.deepEqual([result.value, stdout], ['ran', '']);
  });

  test('The end of its orders ends the process, and the zygote with it', async () => {
    const child = await Concurrent.with('return 1;');
    await child.run();
    child.sandbox.endInput();
    assert.equal((await child.sandbox.exited).code, 0);
  });
});
