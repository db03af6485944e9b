// Scripts of several files: bundle.mjs, and what the runtime makes of its answer.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { bundle } from './bundler.mjs';
import { run } from './sandbox.mjs';

const bundled = (files) => {
  const answer = bundle(files);
  assert.deepEqual(answer.errors, [], JSON.stringify(answer));
  return answer;
};

const result = async (files, input, options) => {
  const { javaScript, sourceMap } = bundled(files);
  const ended = await run(javaScript, input, { sourceMap, limits: { entry: Object.keys(files)[0] }, ...options });
  return ended.result;
};

const value = async (files, input) => {
  const ended = await result(files, input);
  assert.equal(ended?.kind, 'V', JSON.stringify(ended));
  return ended.value;
};

const fault = (files) => {
  const { errors, failure } = bundle(files);
  assert.equal(failure, undefined);
  return errors[0];
};

describe('What a file can import', () => {
  test('Files by all their names, json, text, cycles, and modules of node', async () => {
    assert.deepEqual(await value({
      'src/main.ts': `
        import { sep } from 'node:path'; import * as os from 'os';
        import lib, { even } from '../lib'; import { typed, type T } from './typed.js';
        import data from '../data.json'; import note from '../note.txt'; import sql from '../query.sql' with { type: 'text' };
        export { join } from 'node:path';
        const { later } = await import('./later.mjs');
        const old = require('./old.cjs');
        export default (event: { n: number }): T =>
          [sep, typeof os.EOL, lib, even(event.n), typed, data.a, note, sql, later, old.value, import.meta.main]`,
      'src/typed.ts': 'export type T = unknown[]; export const typed: number = 2',
      'src/later.mjs': "import { even } from '../lib/index.js'; export const later = even(3)",
      'src/old.cjs': 'exports.value = typeof module',
      'lib/index.js': "export { even } from './even'; export default 'lib'",
      'lib/even.js': "import { odd } from './odd'; export const even = (n) => n === 0 || odd(n - 1)",
      'lib/odd.js': "import { even } from './even'; export const odd = (n) => n !== 0 && even(n - 1)",
      'data.json': '{"a": [1]}',
      'note.txt': 'note',
      'query.sql': 'select 1',
    }, { n: 10 }), ['/', 'string', 'lib', true, 2, [1], 'note', 'select 1', false, 'object', true]);
  });

  test('import.meta of another file names that file, and is not that of the main one', async () => {
    assert.deepEqual(await value({
      'main.js': "import { meta } from './lib/a.js'; export default () => [import.meta.main, import.meta.filename, ...meta]",
      'lib/a.js': 'export const meta = [import.meta.main, import.meta.filename, import.meta.dirname, import.meta.url]',
    }), [true, '/tmp/script.js', false, '/tmp/script/lib/a.js', '/tmp/script/lib', 'file:///tmp/script/lib/a.js']);
  });

  test('Paths of a tsconfig and imports of a package.json are those of the tree', async () => {
    assert.equal(await value({
      'main.ts': "import { a } from '@/a'; import { b } from '#b'; export default () => a + b",
      'lib/a.ts': 'export const a = 1',
      'lib/b.ts': 'export const b = 2',
      'tsconfig.json': '{"compilerOptions": {"paths": {"@/*": ["./lib/*"]}}}',
      'package.json': '{"imports": {"#b": "./lib/b.ts"}}',
    }), 3);
  });

  test('A file may be called as the bundle is, and as a property of every object', async () => {
    const files = { 'main.js': "import a from './bundle.js'; import b from './__proto__.js'; export default () => a + b" };
    assert.equal(await value({ ...files, 'bundle.js': 'export default 1', ['__proto__.js']: 'export default 2' }), 3);
  });

  test('An entry of CommonJS has its exports', async () => {
    const files = { 'main.js': "const { f } = require('./f.js'); module.exports = () => f(2)", 'f.js': 'exports.f = (x) => x * 2' };
    assert.equal(await value(files), 4);
  });

  for (const specifier of [
    'lodash', 'https://example.org/a.js', './missing.js', '../../usr/lib/os-release', '/runtime/node-files/bundle.mjs',
    './l.js/../../../proc/self/environ',
  ]) {
    test(`Not ${specifier}, which is named with the file and the place`, () => {
      const text = /^[./]/.test(specifier)
        ? `There is no file "${specifier}" in the tree`
        : `"${specifier}" is neither a module of node nor a file of the tree (whose name begins with ./ or ../), and no library of this name is declared`;
      const files = { 'main.js': "import './l.js'", 'l.js': `\nimport ${JSON.stringify(specifier)}` };
      assert.deepEqual(fault(files), { text, file: 'l.js', line: 2, column: 7 });
    });
  }

  test('Neither a tsconfig, nor a package.json, nor a source map leads out of the tree', () => {
    for (const files of [
      { 'main.ts': "import '@/os-release'", 'tsconfig.json': '{"compilerOptions": {"paths": {"@/*": ["../../usr/lib/*"]}}}' },
      { 'main.js': "import '#x'", 'package.json': '{"imports": {"#x": "../../usr/lib/os-release"}}' },
      { 'main.js': "import '#x'", 'package.json': '{"imports": {"#x": "./../../usr/lib/os-release"}}' },
    ]) assert.match(fault(files).text, /is neither a module of node nor a file of the tree/);
    const own = Buffer.from('{"version":3,"sources":["/etc/passwd"],"mappings":"AAAA","names":[]}').toString('base64');
    const bundler = '/runtime/node-files/bundle.mjs';
    for (const url of [`file://${bundler}`, `../..${bundler}`, `data:application/json;base64,${own}`]) {
      const files = { 'main.js': "import './a.js'", 'a.js': `console.log(1)\n//# sourceMappingURL=${url}` };
      const { sourceMap } = bundled(files);
      assert.deepEqual(JSON.parse(sourceMap).sources, ['a.js']);
    }
  });
});

describe('Where an error is', () => {
  test('A name that a module of node lacks is told with the file that imports it', async () => {
    const thrown = await result({
      'main.js': "import { a } from './lib/a.js'; export default () => a",
      'lib/a.js': "// the first line\nimport { nope } from 'node:fs'; export const a = nope",
    });
    assert.equal(thrown?.kind, 'E', JSON.stringify(thrown));
    assert.match(thrown.value.message, /'node:fs' does not provide an export named 'nope'/);
    assert.match(thrown.value.stack, /at lib\/a\.js:2:\d+$/m);
  });

  test('A stack has the files and lines of the tree', async () => {
    const thrown = await result({
      'main.ts': "import { fail } from './a b/ü#%41.js'\n\nexport default () => fail()",
      'a b/ü#%41.ts': 'type A = string\n\nexport function fail(): A {\n  throw new TypeError("here")\n}',
    });
    assert.equal(thrown.kind, 'E');
    const places = thrown.value.stack.split('\n').slice(1).map((line) => line.trim());
    assert.equal(places[0], 'at fail (a b/ü#%41.ts:4:9)');
    assert.match(places[1], /\(main\.ts:3:22\)$/);
  });

  test('A file that nothing imports is compiled, too', () => {
    const files = { 'main.js': 'export default 1', 'tests/x.ts': 'let a: = 1' };
    assert.deepEqual(fault(files), { text: 'Unexpected "="', file: 'tests/x.ts', line: 1, column: 7 });
  });

  test('What esbuild accepts and V8 does not is placed in its file', async () => {
    const { kind, value: error } = await result({ 'main.js': "import './a.js'", 'a.js': '\n/(?<a>x)(?<a>y)/.test("")' });
    assert.deepEqual([kind, error.file, error.line], ['S', 'a.js', 2], JSON.stringify(error));
  });

  test('A return of the entry is an error of the bundler, which the server masks', () => {
    const [first] = bundle({ 'main.js': "const a = require('./a.js')\nif (a) return 1", 'a.js': 'return module.exports = 1' }).errors;
    assert.deepEqual(first, { text: 'Top-level return cannot be used inside an ECMAScript module', file: 'main.js', line: 2, column: 7 });
  });
});
