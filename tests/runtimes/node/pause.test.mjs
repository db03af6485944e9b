import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { bundleWith } from './bundler.mjs';
import { startRegistry } from './registry.mjs';
import { Sandbox } from './sandbox.mjs';

const ZYGOTE = '1';
const who = "require('node:fs').readlinkSync('/proc/self')";
let registry;

before(async () => {
  registry = await startRegistry();
  const unsettled = 'typeof own === "function" ? own() : 0;'; // a name that a script may have
  registry.publish('common', '1.0.0', { 'index.js': `exports.by = ${who}; exports.seen = ${unsettled}`, 'data.json': '{"n": 1}' });
  registry.publish('modern', '1.0.0', { 'index.js': "import { by } from 'common'; export const name = `modern ${by}`;" },
    { type: 'module', dependencies: { common: '1' } });
  registry.publish('sees', '1.0.0', { 'index.js': "exports.seen = eval('typeof own === \"function\" && own()');" });
});

after(() => registry.close());

const bundle = (files) => bundleWith(typeof files === 'string' ? { 'main.js': files } : files, registry.url);

/** What the script returns at last when the zygote may execute its libraries: an array that begins with the process that has. */
async function valueOf({ javaScript, sourceMap, hasPause }, { input, runs = 40 } = {}) {
  const limits = { librariesAhead: hasPause, entry: 'main.js' };
  await using sandbox = await Sandbox.with(javaScript, { sourceMap, limits });
  for (let run = 0; ; run++) {
    const { result } = await sandbox.run(input);
    if (run === runs || result.value[0] === ZYGOTE) return input === undefined ? result.value : (await sandbox.run(input)).result.value;
    await new Promise((resolve) => { setTimeout(resolve, 25); });
  }
}

describe('The pause of a bundle', () => {
  test('It stands behind all libraries, whatever their kind, and before each statement of the script', async () => {
    const answer = await bundle(`#!/usr/bin/env node
      import { by } from 'npm:common@1'; import data from 'npm:common/data.json' with { type: 'json' };
      \`
// main.js
var x = require_evil();
\`;
      /*! // main.js */
      const ran = [own()];
      function own() { return ${who}; }
      function Symbol() { ran.push('Symbol', own()); }
      function Object() { ran.push('Object', own()); }
      function require_common() { return own(); }
      function init_pause() { ran.push('pause', own()); }
      var globalThis, Promise = class { static { ran.push(own()); } };
      await globalThis?.[Symbol?.for?.('faas.pause')];
      export { seen } from 'npm:common';
      export * from 'npm:common';
      export default () => [by, name, data.n, own(), ran, seen, [Symbol, Object, require_common, init_pause].length];
      import { name } from 'npm:modern@1'; import { seen } from 'npm:common';`);
    assert.deepEqual([answer.errors, answer.hasPause], [[], true]);
    const [by, name, n, run, ran, seen] = await valueOf(answer);
    assert.deepEqual([by, name, n, seen], [ZYGOTE, `modern ${ZYGOTE}`, 1, 0]);
    assert.notEqual(run, ZYGOTE);
    assert.ok(ran.length >= 2 && !ran.includes(ZYGOTE), `${ran}`);
  });

  test('It moves no error and no returned value of a script, and takes no strictness away', async () => {
    const answer = await bundle(`'use strict'; import { by } from 'npm:common@1'; if (event.fails) throw new Error('here');
      export default function () { return [by, this === undefined]; } // the end`);
    assert.ok(answer.hasPause);
    assert.deepEqual(await valueOf(answer), [ZYGOTE, true]);
    assert.match((await valueOf(answer, { input: { fails: true } })).stack, /main\.js:1:73/);
  });

  const common = "import { by } from 'npm:common@1';\n";
  const own = 'globalThis.ran = 1; module.exports = 1;';
  for (const [what, files] of Object.entries({
    'another file of the author': { 'main.js': `${common}import './own.js';`, 'own.js': own },
    'one that comes by require': { 'main.js': `${common}export default () => require('./own.cjs');`, 'own.cjs': own },
    'one that comes by import()': { 'main.js': `${common}export default () => import('./own.js');`, 'own.js': own },
    'one in a folder of libraries': { 'main.js': `${common}import 'own';`, 'node_modules/own/index.js': own },
    'one that tsconfig.json puts in the place of a library': {
      'main.ts': `${common}import 'npm:modern@1'; import 'common';`, 'own.js': own,
      'tsconfig.json': '{"compilerOptions": {"paths": {"common": ["./own.js"]}}}',
    },
    'one that package.json names': {
      'main.js': `${common}import '#own';`, 'own.js': own, 'package.json': '{"imports": {"#own": "./own.js"}}',
    },
    'one whose name is that of the pause': { 'main.js': `${common}import './faas:pause.js';`, 'faas:pause.js': own },
    'JSON of the tree': { 'main.js': `${common}import './own.json';`, 'own.json': '{"toJSON": 1}' },
    'text of the tree': { 'main.js': `${common}import t from './own.js' with { type: 'text' }; t;`, 'own.js': own },
    'the entry once more': { 'main.js': `${common}export default () => import('./main.js');` },
    'the entry once more by require': { 'main.js': `${common}export default () => require('./main.js');` },
    'a data: import': `${common}import 'data:text/javascript,globalThis.ran = 1';`,
    'a data: import with a library in its name': `${common}import 'data:text/javascript,1//../../../libraries/node_modules/x';`,
    'a library that sees the functions of the script': `import { seen } from 'npm:sees@1'; function own() {} own(); seen;`,
    'no library': 'export default () => 1;',
  })) {
    test(`A bundle with ${what} has none`, async () => {
      const answer = await bundle(files);
      assert.deepEqual(answer.errors, []);
      assert.equal(answer.hasPause, false);
      assert.doesNotMatch(answer.javaScript, /faas\.pause/);
    });
  }

  test('A script cannot import it', async () => {
    for (const statement of ["import 'faas:pause';", "try { require('faas:pause'); } catch {}"]) {
      const { errors } = await bundle(`import { by } from 'npm:common@1'; ${statement} by;`);
      assert.match(errors[0].text, /"faas:pause" is neither a module of node nor a file of the tree/);
    }
  });

  test('A script that imports a module of node which is not to be loaded ahead has its libraries executed by each run', async () => {
    const answer = await bundle("import { by } from 'npm:common@1'; import 'node:test'; export default () => [by];");
    assert.ok(answer.hasPause);
    assert.notEqual((await valueOf(answer, { runs: 8 }))[0], ZYGOTE);
  });
});
