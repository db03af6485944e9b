import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { Concurrent } from './concurrent.mjs';
import { types } from './frames.mjs';
import { Sandbox } from './sandbox.mjs';

const TOKEN = 'tok-9f86d081884c7d65';
const SEEN = 'return [globalThis.secrets?.TOKEN ?? null, process.env.TOKEN ?? null];';

function give(sandbox, values, env = false) {
  sandbox.send(types.secrets, JSON.stringify({ values, env }));
}

async function seen(sandbox) {
  const { result } = await sandbox.run();
  assert.equal(result.kind, 'V', JSON.stringify(result));
  return result.value;
}

describe('Secrets', () => {
  test('belong to the run that they come before and to no other', async () => {
    await using sandbox = await Sandbox.with(SEEN);
    give(sandbox, { TOKEN });
    assert.deepEqual(await seen(sandbox), [TOKEN, null]);
    give(sandbox, { TOKEN: 'other' }, true);
    assert.deepEqual(await seen(sandbox), ['other', 'other']);
    assert.deepEqual(await seen(sandbox), [null, null]);
  });

  test('as a whole show no value', async () => {
    const code = 'console.log(`${secrets}`, String(secrets), secrets + ""); return secrets;';
    await using sandbox = await Sandbox.with(code);
    give(sandbox, { TOKEN });
    const { result, stdout } = await sandbox.run();
    assert.deepEqual([result.kind, result.value, stdout], ['V', {}, '[secrets] [secrets] [secrets]\n']);
  });

  test('come before or after a trace', async () => {
    await using sandbox = await Sandbox.with(SEEN);
    give(sandbox, { TOKEN });
    assert.deepEqual((await sandbox.run({}, 'trace')).result.value, [TOKEN, null]);
    sandbox.send(types.trace, 'trace');
    give(sandbox, { TOKEN });
    assert.deepEqual(await seen(sandbox), [TOKEN, null]);
  });

  test('of a shared process are those that came last', async () => {
    await using sandbox = await Sandbox.with(SEEN, { isolation: 'shared' });
    give(sandbox, { TOKEN });
    assert.deepEqual(await seen(sandbox), [TOKEN, null]);
    give(sandbox, { TOKEN: 'other' }, true);
    assert.deepEqual(await seen(sandbox), ['other', 'other']);
  });

  test('of a process with several runs at once are those that came last', async () => {
    await using runs = await Concurrent.with(SEEN);
    for (const value of [TOKEN, 'other']) {
      const number = Buffer.alloc(4, 0);
      number[0] = 1;
      runs.sandbox.send(types.secrets, Buffer.concat([number, Buffer.from(JSON.stringify({ values: { TOKEN: value }, env: true }))]));
      assert.deepEqual((await runs.run()).result.value, [value, value]);
    }
  });

  test('reach the child that was forked before its program', async () => {
    await using sandbox = await Sandbox.ahead();
    sandbox.bind(SEEN, { isolation: 'sandbox' });
    give(sandbox, { TOKEN });
    assert.deepEqual(await seen(sandbox), [TOKEN, null]);
  });

  test('may be long, and of any characters', async () => {
    const values = { LONG: 'x'.repeat(3 << 20), ODD: '"\\\n\u2028ä𝄞\u0001', __proto__: null };
    await using sandbox = await Sandbox.with('return [secrets.LONG.length, secrets.ODD];');
    give(sandbox, values);
    assert.deepEqual(await seen(sandbox), [values.LONG.length, values.ODD]);
  });

  test('are not printed with the whole, and do not change', async () => {
    await using sandbox = await Sandbox.with(`console.log(secrets, JSON.stringify(secrets));
      try { secrets.TOKEN = 1; } catch {}
      const { TOKEN } = secrets;
      return TOKEN;`);
    give(sandbox, { TOKEN });
    const { stdout, result } = await sandbox.run();
    assert.equal(result.value, TOKEN);
    assert.equal(stdout, '[Object: null prototype] {} {}\n');
  });

  test('leave the name to a script that declares it', async () => {
    await using sandbox = await Sandbox.with('const secrets = 5; return [secrets, globalThis.secrets.TOKEN];');
    give(sandbox, { TOKEN });
    assert.deepEqual(await seen(sandbox), [5, TOKEN]);
  });

  test('are in no file of the sandbox, no argument and no environment of the zygote', async () => {
    await using sandbox = await Sandbox.with(`return require('child_process').execSync(
      'grep -rl "' + secrets.TOKEN.slice(0, -1) + '" /tmp /dev/shm /proc/*/environ /proc/*/cmdline 2>/dev/null | grep -v self; true').toString();`);
    give(sandbox, { TOKEN: `${TOKEN}!` });
    const { result } = await sandbox.run();
    const found = result.value.split('\n').filter((line) => line !== '' && !/^\/proc\/\d+\/cmdline$/.test(line)); // grep's own
    assert.deepEqual(found, []);
    const environment = readFileSync(`/proc/${sandbox.zygotePid}/environ`, 'latin1');
    assert.ok(!environment.includes(TOKEN));
  });

  test('that come twice break the protocol', async () => {
    await using sandbox = await Sandbox.with(SEEN);
    give(sandbox, { TOKEN });
    give(sandbox, { TOKEN });
    await assert.rejects(sandbox.run(), /no order/);
  });
});
