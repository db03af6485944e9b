import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { PAUSE } from '../../../runtimes/node/bundle/pause.mjs';
import { warm } from './mother.mjs';
import { Sandbox } from './sandbox.mjs';

const ZYGOTE = '1';
const pid = "require('node:fs').readlinkSync('/proc/self')";
const limits = { librariesAhead: true };

/** What a script returns that says first in which process its libraries were executed, once that is the zygote or enough runs were made. */
async function valueOf(zygote, { runs = 40, input } = {}) {
  for (let run = 0; ; run++) {
    const outcome = await zygote.run(input);
    if (run === runs || outcome.result?.value?.[0] === ZYGOTE) return outcome;
    await new Promise((resolve) => { setTimeout(resolve, 25); });
  }
}

describe('Libraries that are executed ahead', () => {
  let mother;
  before(async () => { mother = await warm(); });
  after(() => mother[Symbol.asyncDispose]());

  test('The zygote executes them, alone and under a mother, and each run begins behind them', async () => {
    const source = `const by = ${pid}; let count = 0;\n${PAUSE}\ncount++;
      export const handler = (given) => [by, ${pid}, count, given.n, event.n];`;
    const check = async (zygote) => {
      for (const n of [5, 6]) {
        const { result } = await valueOf(zygote, { input: { n } });
        assert.deepEqual([result.value[0], ...result.value.slice(2)], [ZYGOTE, 1, n, n]);
        assert.notEqual(result.value[1], ZYGOTE);
      }
    };
    {
      await using sandbox = await Sandbox.with(source, { limits });
      await check(sandbox);
    }
    const child = await mother.fork();
    child.bind(source, { limits });
    await check(child);
    child.endInput();
  });

  test('A check of a script executes none of them before its answer', async () => {
    await using sandbox = await Sandbox.with(`while (true);\n${PAUSE}`, { limits: { ...limits, timeoutMilliseconds: 9000 } });
    assert.equal((await sandbox.check()).result.kind, 'N');
  });

  const random = /they draw random numbers/;
  for (const [what, [statement, why]] of Object.entries({
    'print something': ["console.error('library')", /they print something/],
    'draw a random number': ['Math.random()', random],
    'draw random bytes': ['crypto.getRandomValues(new Uint8Array(4))', random],
    'draw random bytes by an old name': ["require('node:crypto').prng(4)", random],
    'make a random id': ["require('node:crypto').randomUUID()", random],
    'make a key': ["require('node:crypto').generateKeySync('hmac', { length: 64 })", random],
    'make an object URL': ['URL.createObjectURL(new Blob([]))', random],
    'leave a timer': ['globalThis.timer = setInterval(() => {}, 1e6)', /they start something \(Timeout\)/],
    'start and end a timer': ['clearTimeout(setTimeout(() => {}, 1))', /they start something \(Timeout\)/],
    'start a process': ["require('node:child_process').spawn('/usr/bin/true')", /they start something \(PROCESSWRAP\)/],
    'start a process and wait for it': [
      "require('node:child_process').spawnSync('/usr/bin/true')", /they start a process \(spawnSync\)/,
    ],
    'do something later': ["setImmediate(() => setImmediate(() => console.error('library')))", /they print something/],
    'leave a file': ["require('node:fs').writeFileSync('/dev/shm/left', '')", /they leave files/],
    'leave a descriptor': ["require('node:fs').openSync('/usr/lib/os-release')", /they leave .*os-release open/],
    'read what only a dumpable process can': [
      "require('node:fs').closeSync(require('node:fs').openSync('/proc/self/mem', 'r+'))", /they do not come to their end/,
    ],
    'take more than a fifth of the time of a run': [
      'for (const begun = performance.now(); performance.now() - begun < 300;);', /they take too long/,
    ],
    'end the process': [
      "if (require('node:fs').readFileSync('/proc/self/comm', 'utf8') !== 'faas-script\\n') process.exit(0)", /they end the process/,
    ],
  })) {
    test(`Those that ${what} are executed by each run, and the zygote says why`, async () => {
      const source = `${statement}; const by = ${pid};\n${PAUSE}\nclearInterval(globalThis.timer); return [by];`;
      const sandbox = await mother.fork();
      sandbox.bind(source, { limits: { ...limits, timeoutMilliseconds: what.startsWith('take') ? 1000 : 10_000 } });
      const { result } = await valueOf(sandbox, { runs: 6 });
      assert.notEqual(result.value[0], ZYGOTE);
      assert.match(sandbox.stderr, why);
      sandbox.endInput();
    });
  }

  test('What they read and write on the descriptors 0 and 1 is not the speech of the zygote with the server', async () => {
    const source = `const fs = require('node:fs'), by = ${pid};
      const read = fs.readSync(0, Buffer.alloc(1));
      if (by === '${ZYGOTE}') fs.writeSync(1, 'x');\n${PAUSE}\nreturn [by, read, event.n];`;
    const sandbox = await mother.fork();
    sandbox.bind(source, { limits });
    assert.deepEqual((await valueOf(sandbox, { input: { n: 7 } })).result.value, [ZYGOTE, 0, 7]);
    sandbox.endInput();
  });

  test('The zygote ends, and says so, where they do not do what they did in their trial', async () => {
    await using sandbox = await Sandbox.with(`if (${pid} === '${ZYGOTE}') throw new Error('not here');\n${PAUSE}\nreturn [1];`, { limits });
    assert.equal((await sandbox.exited).code, 71);
    assert.match(sandbox.stderr, /the libraries behave otherwise than in their trial/);
  });

  test('What a library throws, each run throws', async () => {
    await using sandbox = await Sandbox.with(`throw new TypeError('broken');\n${PAUSE}\nreturn 1;`, { limits });
    for (let run = 0; run < 6; run++) assert.equal((await sandbox.run()).result.value.name, 'TypeError');
  });

  test('Without leave, and where runs share a process, the pause waits for nothing', async () => {
    const source = `const by = ${pid};\n${PAUSE}\nreturn [by, ${pid}];`;
    for (const options of [{}, { limits, isolation: 'shared' }, { limits, isolation: 'sandbox' }]) {
      await using sandbox = await Sandbox.with(source, options);
      const { result } = await sandbox.run();
      assert.equal(result.value[0], result.value[1]);
    }
  });
});
