import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { process } from '../../../runtimes/node/kernel/primordials.mjs';
import { rehearse } from '../../../runtimes/node/zygote/rehearsal.mjs';

/** What a rehearsal could leave behind. */
const traces = () => [process.argv, process.execArgv, process.reallyExit, process.uptime, process.pid, process.emit, Object.keys(globalThis)];

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
