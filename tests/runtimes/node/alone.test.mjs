import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { types } from './frames.mjs';
import { Sandbox } from './sandbox.mjs';

const bind = async (source, ahead) => {
  if (!ahead) return Sandbox.with(source, { isolation: 'sandbox' });
  const sandbox = await Sandbox.ahead();
  sandbox.bind(source, { isolation: 'sandbox' });
  return sandbox;
};

async function assertLast(sandbox, { end }) {
  assert.equal(end.last, true);
  assert.deepEqual([(await sandbox.exited).code, sandbox.stderr], [0, '']);
}

const ways = [['as soon as it can', false], ['when a child already waits for it', true]];
for (const [how, ahead] of ways) describe(`A program of isolation sandbox that comes ${how} has one run, whose END is the last`, () => {
  test('It runs like any script', async () => {
    await using sandbox = await bind("console.log(event.name); return require('os').EOL + input.name;", ahead);
    const outcome = await sandbox.run({ name: 'one' });
    assert.equal(outcome.result.value, '\none');
    await assertLast(sandbox, outcome);
  });

  test('The processes and files that it leaves do not delay END', async () => {
    await using sandbox = await bind(`require('fs').writeFileSync('/tmp/left', '');
      require('child_process').spawn('/bin/sleep', ['60'], { detached: true, stdio: 'ignore' });
      return 1;`, ahead);
    const outcome = await sandbox.run();
    assert.equal(outcome.result.value, 1);
    await assertLast(sandbox, outcome);
  });

  test('A source that does not compile fails a run and a check', async () => {
    for (const ask of [types.run, types.check]) {
      await using sandbox = await bind('let = ;', ahead);
      sandbox.send(ask, ask === types.run ? '{}' : '');
      const outcome = await sandbox.outcome();
      assert.equal(outcome.result.kind, 'S');
      await assertLast(sandbox, outcome);
    }
  });

  test('Its imports, errors and output are like those of any script', async () => {
    await using thrown = await bind("import { sep } from 'node:path';\nconst x = 1;\nthrow new TypeError(sep + event.name);", ahead);
    const outcome = await thrown.run({ name: 'one' });
    assert.equal(outcome.result.value.message, '/one');
    assert.match(outcome.result.value.stack, /script\.js:3:7/);
    await assertLast(thrown, outcome);
    await using printing = await bind(`process.on('exit', () => console.log('late'));
      setTimeout(() => console.log(Math.random() !== Math.random()), 1);`, ahead);
    const printed = await printing.run();
    assert.deepEqual([printed.result.kind, printed.stdout], ['N', 'true\nlate\n']);
    await assertLast(printing, printed);
  });

  test('A program of a megabyte arrives', async () => {
    await using sandbox = await bind(`const text = '${'x'.repeat(1 << 20)}'; return text.length;`, ahead);
    const outcome = await sandbox.run();
    assert.equal(outcome.result.value, 1 << 20);
    await assertLast(sandbox, outcome);
  });
});

describe('The child that is forked before the program comes', () => {
  test('serves the single run of isolation sandbox', async () => {
    await using sandbox = await Sandbox.ahead();
    const waiting = sandbox.childrenOfZygote();
    sandbox.bind("console.log('here'); while (true);", { isolation: 'sandbox' });
    sandbox.send(types.run, '{}');
    assert.equal((await sandbox.next()).type, types.stdout);
    assert.deepEqual([waiting.length, sandbox.childrenOfZygote()], [1, waiting]);
  });

  test('dies when the program may have many runs, which get children of their own', async () => {
    for (const isolation of ['process', 'shared']) {
      await using sandbox = await Sandbox.ahead();
      const [waiting] = sandbox.childrenOfZygote();
      sandbox.bind('return event;', { isolation });
      for (const event of [1, 2, 3]) assert.equal((await sandbox.run(event)).result.value, event);
      assert.ok(!sandbox.childrenOfZygote().includes(waiting), isolation);
    }
  });

  test('ends with the zygote when no program comes', async () => {
    await using sandbox = await Sandbox.ahead();
    sandbox.endInput();
    assert.deepEqual([(await sandbox.exited).code, sandbox.stderr], [0, '']);
  });

  test('does not hide a first frame that is not PROGRAM', async () => {
    for (const [type, payload] of [[types.run, '{}'], [types.program, 'no JSON']]) {
      const sandbox = await Sandbox.ahead();
      sandbox.send(type, payload);
      assert.equal((await sandbox.exited).code, 70);
    }
  });
});

describe('A PROGRAM frame', () => {
  test('with an unknown isolation is refused', async () => {
    const sandbox = await Sandbox.with('return 1;', { isolation: 'walls' });
    assert.equal((await sandbox.exited).code, 70);
    assert.match(sandbox.stderr, /isolation must be one of sandbox, process, shared/);
  });

  test('with a heap that is too small is refused', async () => {
    for (const heapBytes of [null, '64M', 0, (1 << 24) - 1]) {
      const sandbox = await Sandbox.with('return 1;', { limits: { heapBytes } });
      assert.equal((await sandbox.exited).code, 70);
      assert.match(sandbox.stderr, /heapBytes must be a number from 16777216 on/);
    }
  });

  test('with a word for librariesAhead is refused', async () => {
    const sandbox = await Sandbox.with('return 1;', { limits: { librariesAhead: 'yes' } });
    assert.equal((await sandbox.exited).code, 70);
    assert.match(sandbox.stderr, /librariesAhead must be true or false/);
  });

  test('with libraries, which are for Python, is refused', async () => {
    const sandbox = await Sandbox.with('return 1;', { limits: { libraries: { path: '/libraries', trusted: true } } });
    assert.equal((await sandbox.exited).code, 70);
    assert.match(sandbox.stderr, /libraries are for Python alone/);
  });

  test('with an environment that is no object of strings is refused', async () => {
    for (const env of [null, [], 'A', { A: 1 }, { A: null }]) {
      const sandbox = await Sandbox.with('return 1;', { limits: { env } });
      assert.equal((await sandbox.exited).code, 70);
      assert.match(sandbox.stderr, /env must be an object of strings/);
    }
  });
});
