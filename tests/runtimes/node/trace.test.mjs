import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { types } from './frames.mjs';
import { Sandbox } from './sandbox.mjs';

const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const OTHER = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203332-00';
const SEEN = `const own = process.env.TRACEPARENT ?? null;
exports.handler = (event, context) => [own, context.traceparent ?? null];`;

describe('A trace', () => {
  for (const isolation of ['process', 'shared']) {
    test(`belongs to the run that it comes before and to no other: ${isolation}`, async () => {
      await using sandbox = await Sandbox.with(SEEN, { isolation });
      for (const trace of [null, TRACE, OTHER, null]) {
        assert.deepEqual((await sandbox.run({}, trace)).result.value, [trace, trace]);
      }
    });
  }

  test('reaches the child that was forked before its program', async () => {
    await using sandbox = await Sandbox.ahead();
    sandbox.bind(SEEN, { isolation: 'sandbox' });
    assert.deepEqual((await sandbox.run({}, TRACE)).result.value, [TRACE, TRACE]);
  });

  test('reaches processes that the script starts', async () => {
    await using sandbox = await Sandbox.with("return require('child_process').execSync('echo $TRACEPARENT').toString();");
    assert.equal((await sandbox.run({}, TRACE)).result.value, `${TRACE}\n`);
  });

  test('is no order', async () => {
    await using sandbox = await Sandbox.with('return 1;');
    sandbox.send(types.trace, TRACE);
    await assert.rejects(sandbox.run({}, TRACE), /no order/);
  });

  test('that is too long breaks the protocol', async () => {
    await using sandbox = await Sandbox.with('return 1;');
    await assert.rejects(sandbox.run({}, 'x'.repeat(65)), /over its limit/);
  });
});
