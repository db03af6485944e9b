import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compactHeap } from '../../../runtimes/node/kernel/heap.mjs';
import { process } from '../../../runtimes/node/kernel/primordials.mjs';
import { rehearse } from '../../../runtimes/node/zygote/rehearsal.mjs';
import { Sandbox } from './sandbox.mjs';

/** What a rehearsal could leave behind. */
const traces = () => [
  process.argv, process.execArgv, process.reallyExit, process.uptime, process.pid, process.emit, Object.keys(globalThis),
];

describe('The rehearsal', () => {
  test('plays every scene, and leaves the process and its globals as they were', async () => {
    const before = traces();
    let scenes = 0;
    for await (const _ of rehearse()) scenes++;
    assert.ok(scenes > 10, `${scenes}`);
    assert.deepEqual(traces(), before);
  });

  test('leaves nothing behind when it is broken off', async () => {
    const before = traces();
    for await (const _ of rehearse()) break;
    assert.deepEqual(traces(), before);
  });

  test('fails when the code that it runs fails, or does not read all that it is told', async () => {
    for (const live of [() => Promise.reject(new Error('broken')), async (libc) => libc._exit(0), async (libc) => libc._exit(71)]) {
      await assert.rejects(async () => { for await (const _ of rehearse(live)) { /* the next scene */ } });
    }
  });
});

describe('Compacting the heap', () => {
  test('collects garbage, without a global function that scripts could see', () => {
    let garbage = Array.from({ length: 1e6 }, (_, at) => ({ at }));
    const { heapUsed } = process.memoryUsage();
    assert.equal(garbage.length, 1e6);
    garbage = null;
    compactHeap();
    assert.ok(process.memoryUsage().heapUsed < heapUsed - 20e6);
    assert.equal(typeof globalThis.gc, 'undefined');
  });

  test('is done in a zygote that waits, and its children run as ever', async () => {
    await using sandbox = await Sandbox.ahead();
    sandbox.bind("return [typeof gc, require('vm').runInNewContext('typeof gc'), process.execArgv];");
    for (let n = 0; n < 2; n++) assert.deepEqual((await sandbox.run()).result.value, ['undefined', 'undefined', []]);
  });
});
