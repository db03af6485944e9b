import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { types } from './frames.mjs';
import { Sandbox } from './sandbox.mjs';

const alone = (source) => Sandbox.with(source, { isolation: 'sandbox' });

async function assertLast(sandbox, { end }) {
  assert.equal(end.last, true);
  assert.deepEqual([(await sandbox.exited).code, sandbox.stderr], [0, '']);
}

describe('A program of isolation sandbox has one call, whose end is the last', () => {
  test('It runs as ever', async () => {
    await using sandbox = await alone("console.log(event.name); return require('os').EOL + input.name;");
    const outcome = await sandbox.invoke({ name: 'one' });
    assert.equal(outcome.result.value, '\none');
    await assertLast(sandbox, outcome);
  });

  test('What it leaves behind is killed and not waited for', async () => {
    await using sandbox = await alone("require('fs').writeFileSync('/tmp/left', ''); require('child_process').spawn('/bin/sleep', ['60'], { detached: true, stdio: 'ignore' }); return 1;");
    const outcome = await sandbox.invoke();
    assert.equal(outcome.result.value, 1);
    await assertLast(sandbox, outcome);
  });

  test('A source that does not compile is refused by a call and by a check', async () => {
    for (const ask of [types.invoke, types.check]) {
      await using sandbox = await alone('let = ;');
      sandbox.send(ask, ask === types.invoke ? '{}' : '');
      const outcome = await sandbox.outcome();
      assert.equal(outcome.result.kind, 'S');
      await assertLast(sandbox, outcome);
    }
  });

  test('Another isolation is refused', async () => {
    const sandbox = await Sandbox.with('return 1;', { isolation: 'walls' });
    assert.equal((await sandbox.exited).code, 70);
    assert.match(sandbox.stderr, /isolation must be one of sandbox, process, shared/);
  });
});
