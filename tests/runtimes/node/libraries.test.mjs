import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Libraries } from './libraries.mjs';
import { Mother, warm } from './mother.mjs';
import { Sandbox } from './sandbox.mjs';

const common = "exports.loadedIn = process.pid; exports.name = 'common';";
const modern = "export const loadedIn = process.pid; export default 'modern';";
const packageOf = (name, more) => ({ [`${name}/package.json`]: JSON.stringify({ name, version: '1.0.0', ...more }) });

const files = {
  ...packageOf('common', { main: './main.js' }),
  'common/main.js': common,
  ...packageOf('@scope/modern', { type: 'module', exports: './main.js' }),
  '@scope/modern/main.js': modern,
  ...packageOf('both', { exports: { import: './main.mjs', require: './main.cjs' } }),
  'both/main.mjs': modern,
  'both/main.cjs': common,
  ...packageOf('user', { main: 'main.js' }),
  'user/main.js': "exports.used = require('common').name;",
  ...packageOf('later', { main: 'main.js' }),
  'later/main.js': common,
};
const preloaded = ['common', '@scope/modern', 'both', 'user'];

/** Calls `check` with a zygote that is started alone, and with one that a mother has forked. */
async function inBoth(libraries, source, options, check) {
  {
    await using sandbox = await Sandbox.with(source, { libraries, ...options });
    await check(sandbox);
  }
  await using mother = await warm({ libraries });
  const child = await mother.fork();
  child.bind(source, options);
  await check(child);
  child.endInput();
}

async function valueOf(zygote) {
  const { result } = await zygote.run();
  assert.equal(result?.kind, 'V', JSON.stringify(result) + zygote.stderr);
  return result.value;
}

/** Neither a zygote nor a mother becomes ready, and both say why. */
async function assertRefused(files, name, why) {
  using libraries = new Libraries(files, name);
  await using sandbox = new Sandbox({ libraries });
  assert.equal((await sandbox.exited).code, 71);
  assert.match(sandbox.stderr, why);
  await using mother = await Mother.start({ libraries });
  assert.equal((await mother.exited).code, 71);
  assert.match(mother.stderr, why);
}

describe('Libraries of an image', () => {
  test('are loaded once, before any script, and found by import and by require', async () => {
    using libraries = new Libraries(files, ...preloaded);
    const imports = `import common, { loadedIn } from 'common'; import modern, { loadedIn as modernIn } from '@scope/modern';
      import both from 'both'; import later from 'later';
      return [common.name, loadedIn, modern, modernIn, both, later.loadedIn === process.pid, (await import('user')).default.used];`;
    const requires = `const { used } = require('user');
      return [require('common').loadedIn, require('both').loadedIn, used, require('later').loadedIn === process.pid];`;
    await inBoth(libraries, imports, {}, async (zygote) => {
      for (let n = 0; n < 2; n++) assert.deepEqual(await valueOf(zygote), ['common', 1, 'modern', 1, 'modern', true, 'common']);
    });
    await inBoth(libraries, requires, { isolation: 'shared' }, async (zygote) => {
      assert.deepEqual(await valueOf(zygote), [1, 1, 'common', true]);
    });
  });

  test('cannot be changed by a script', async () => {
    using libraries = new Libraries(files, ...preloaded);
    const source = `const { writeFileSync } = require('node:fs');
      return ['/node_modules/common/main.js', '/node_modules/new.js'].map((path) => {
        try { writeFileSync(path, ''); } catch (error) { return error.code; }
      });`;
    await inBoth(libraries, source, {}, async (zygote) => assert.deepEqual(await valueOf(zygote), ['EROFS', 'EROFS']));
  });

  test('may print, and draw random numbers and UUIDs that no run sees again', async () => {
    const drawing = `const crypto = require('node:crypto');
      console.log('loaded'); Math.random(); crypto.randomUUID(); globalThis.crypto.randomUUID();
      exports.drawn = [crypto.randomInt(10), crypto.randomInt(5, 6)];
      exports.later = new Promise((resolve) => crypto.randomInt(3, 4, (error, number) => resolve([error, number])));`;
    using libraries = new Libraries({ ...packageOf('drawing', { main: 'main.js' }), 'drawing/main.js': drawing }, 'drawing');
    const source = `const crypto = require('node:crypto'), { drawn, later } = require('drawing');
      return [Math.random(), crypto.randomUUID(), globalThis.crypto.randomUUID(), crypto.randomInt(2 ** 47),
        [drawn[0] < 10, drawn[1]], await later];`;
    await inBoth(libraries, source, {}, async (zygote) => {
      const seen = new Set();
      for (let n = 0; n < 3; n++) {
        const values = await valueOf(zygote);
        assert.deepEqual(values.splice(4), [[true, 5], [null, 3]]);
        for (const value of values) seen.add(value);
      }
      assert.equal(seen.size, 12);
    });
  });

  test('draw no number that a run sees again by names that they import either, and have their own wrong arguments refused', async () => {
    const drawing = `import { randomInt, randomUUID } from 'node:crypto';
      export const instance = randomUUID();
      export const later = new Promise((resolve) => randomInt(3, 4, (error, number) => resolve([error ?? null, number])));
      export const refused = [[5, 5], [5, 4], [0], [0.5, 1], [0, 2 ** 48], [1, 2, 'x']].map((wrong) => {
        try { return randomInt(...wrong); } catch (error) { return error.code; }
      });
      export const draw = () => [randomUUID(), randomInt(2 ** 47)];`;
    const packages = { ...packageOf('drawing', { type: 'module', exports: './main.js' }), 'drawing/main.js': drawing };
    using libraries = new Libraries(packages, 'drawing');
    const source = `import { randomInt, randomUUID } from 'node:crypto'; import { draw, instance, later, refused } from 'drawing';
      return [instance, await later, refused, [randomUUID(), randomInt(2 ** 47), ...draw()]];`;
    await inBoth(libraries, source, {}, async (zygote) => {
      const [seen, instances] = [new Set(), new Set()];
      for (let n = 0; n < 2; n++) {
        const [instance, later, refused, drawn] = await valueOf(zygote);
        assert.deepEqual(later, [null, 3]);
        const range = 'ERR_OUT_OF_RANGE', type = 'ERR_INVALID_ARG_TYPE';
        assert.deepEqual(refused, [range, range, range, type, range, type]);
        instances.add(instance);
        for (const value of drawn) seen.add(value);
      }
      assert.deepEqual([instances.size, seen.size], [1, 8]);
    });
  });

  test('that cannot be loaded are named with the reason', async () => {
    await assertRefused(
      {}, 'missing', /^the module missing cannot be preloaded: Error \[ERR_MODULE_NOT_FOUND\]: Cannot find package 'missing'/);
    const bad = { ...packageOf('bad', { main: 'main.js' }), 'bad/main.js': "throw new RangeError('no such data');" };
    await assertRefused(bad, 'bad', /^the module bad cannot be preloaded: RangeError: no such data\n$/);
  });

  test('that leave a file, a thread or a timer are refused', async () => {
    const leaving = (text) => ({ ...packageOf('leaving', { main: 'main.js' }), 'leaving/main.js': text });
    await assertRefused(leaving("require('node:fs').openSync('/usr/lib/os-release');"), 'leaving', /leaves \/usr\/lib\/os-release open/);
    await assertRefused(leaving('setInterval(() => {}, 1e6);'), 'leaving', /leaves something that the event loop waits for \(Timeout\)/);
    const worker = "new (require('node:worker_threads').Worker)('setInterval(() => {}, 1e6)', { eval: true }).unref();";
    await assertRefused(leaving(worker), 'leaving', /its import leaves /);
  });
});
