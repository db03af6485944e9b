import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { types } from './frames.mjs';
import { Sandbox, run as runOnce } from './sandbox.mjs';

// program-spare.test.mjs and program-cold.test.mjs run this file with another start.
const start = new URL(import.meta.url).searchParams.get('start') ?? 'warm';
const run = (source, input, options) => runOnce(source, input, { start, ...options });

const value = async (source, input) => {
  const { result } = await run(source, input);
  assert.equal(result?.kind, 'V', JSON.stringify(result));
  return result.value;
};
const error = async (source, input, options) => {
  const { result } = await run(source, input, options);
  assert.equal(result?.kind, 'E', JSON.stringify(result));
  return result.value;
};
const syntax = async (source, options) => {
  const { result } = await run(source, {}, options);
  assert.equal(result?.kind, 'S', JSON.stringify(result));
  return result.value;
};

describe('What a script is', () => {
  test('Top-level return and await work, and event and input are the same value', async () => {
    assert.deepEqual(await value('const x = await Promise.resolve(event.a);\nreturn [x, event === input];', { a: 7 }), [7, true]);
  });

  test('require, module, exports, __filename and __dirname exist and may be declared again', async () => {
    assert.deepEqual(
      await value("return [typeof require('fs').readFileSync, require.main === module, this === exports, __filename, __dirname];"),
      ['function', true, true, '/tmp/script.js', '/tmp']);
    const own = 'const require = 1, module = 2, exports = 3, event = 4;\nfunction input() {}\nreturn require + module + exports + event;';
    assert.equal(await value(own), 10);
  });

  test('import() finds built-in modules and the files that the script wrote', async () => {
    assert.deepEqual(await value(`
      const fs = await import('node:fs');
      fs.writeFileSync('/tmp/own.mjs', 'export default 42; export const url = import.meta.url');
      const own = await import('./own.mjs');
      const path = await import('path');
      return [own.default, own.url, path.sep];`), [42, 'file:///tmp/own.mjs', '/']);
  });

  test('A directive at the top keeps working', async () => {
    assert.equal(await value("// first\n'use strict';\ntry { undeclared = 1; return 'sloppy'; } catch { return 'strict'; }"), 'strict');
    assert.equal(await value("try { undeclared = 1; return 'sloppy'; } catch { return 'strict'; }"), 'sloppy');
  });

  test('A hashbang and a last line without a line end are accepted', async () => {
    assert.equal(await value('#!/usr/bin/env node\nreturn 1 // one'), 1);
  });

  test('Static imports of every form are bound before the first statement', async () => {
    assert.deepEqual(await value(`
const early = typeof readFileSync;
import fs from 'node:fs';
import { readFileSync, writeFileSync as write, default as again } from "fs"; import * as path from 'node:path'
import os, { EOL, 'platform' as plat, } from /* a comment */ 'os' // another
import 'node:http';
import url, * as urlSpace from 'url'
;[1].map(String)
let count = 1
import { join } from 'path'
;[count] = [2]
import {
  sep as
    separator
} from
  'path';
write('/tmp/it.json', '{"a":1}');
return [early, typeof fs.openSync, again === fs, path.sep, EOL, plat(), typeof os.cpus, typeof url.parse, typeof urlSpace.URL, count,
  join('a', separator)];`),
    ['function', 'function', true, '/', '\n', 'linux', 'function', 'function', 'function', 2, 'a/']);
  });

  test('A static import takes attributes, and its error tells where it failed', async () => {
    assert.deepEqual(await value(`await import('fs').then((fs) => fs.writeFileSync('/tmp/it.json', '[1]'));
      return (await import('./it.json', { with: { type: 'json' } })).default;`), [1]);
    const { message, stack } = await error("\n import config from './missing.json' with { type: 'json' };\nreturn config;");
    assert.match(message, /missing\.json/);
    assert.match(stack, /\n {4}at script\.js:2:2 \{\n {2}code: 'ERR_MODULE_NOT_FOUND'/);
  });

  test('A name that a module does not export is a SyntaxError, as in a module', async () => {
    const { name, message, stack } = await error("\n  import { readFil } from 'fs';\nconsole.log(1);");
    assert.equal(name, 'SyntaxError');
    assert.equal(message, "The requested module 'fs' does not provide an export named 'readFil'");
    assert.match(stack, /at script\.js:2:3/);
  });

  test('Imports make a script strict and cannot be assigned', async () => {
    assert.equal((await error("import fs from 'fs';\nfs = 1;")).name, 'TypeError');
    assert.equal((await error("import fs from 'fs';\nundeclared = 1;")).name, 'ReferenceError');
  });

  test('Exports of every form are accepted, wherever they stand', async () => {
    assert.deepEqual(await value(`
export const a = 1, b = [2, '3,'].join(), { c, d: [e = 5, ...f], ...g } = { c: 3, d: [undefined, 6], h: 7 }
export let i = /,/.source, j // , k
  , l = ((x) => x, 4)
export var m = \`\${[8, 9]},\`
export function n() { return 'n'; }
export async function* o() {}
export class P {}
export { a as aa, b as default }; export {}
export * from 'node:fs'
export * as path from 'node:path'; export { sep, join as glue } from 'node:path';
return [a, b, c, e, f, g, i, typeof j, l, m, n(), typeof o, typeof P, this === undefined];`),
    [1, '2,3,', 3, 5, [6], { h: 7 }, ',', 'undefined', 4, '8,9,', 'n', 'function', 'function', true]);
  });

  test('An export keeps the place of what follows it', async () => {
    const places = [
      ['export default class extends Error {}\nthrow new Error("x")', 'script.js:2:7'],
      ['export const a = () => { throw new Error("x") }; a();', 'script.js:1:32'],
      ['export default () => 1; throw new Error("x")', 'script.js:1:31'],
      ['const a = 1; export { a as b }; throw new Error("x")', 'script.js:1:39'],
      ['export default async function () {} throw new Error("x")', 'script.js:1:43'],
      ['import.meta; import . meta; throw new Error("x")', 'script.js:1:35'],
    ];
    for (const [source, place] of places) assert.match((await error(source)).stack, new RegExp(`\\b${place}\\b`), source);
  });

  test('An export of a module that lacks the name is the error of a module', async () => {
    const { name, message } = await error("export { nothing } from 'node:path';");
    assert.deepEqual([name, message], ['SyntaxError', "The requested module 'node:path' does not provide an export named 'nothing'"]);
  });

  test('import.meta is that of a main module, with and without imports', async () => {
    for (const head of ['', "import { sep } from 'node:path';\n"]) {
      assert.deepEqual(await value(`${head}const { url, filename, dirname, main } = import.meta;
        const missing = (() => { try { return import.meta.resolve('nothing'); } catch (e) { return e.code; } })();
        const { resolve } = import . meta;
        return [url, filename, dirname, main, missing, resolve('fs'), resolve('node:fs'), resolve('./a.mjs'), resolve('https://x/y'),
          'import.meta', \`\${import.meta.url}\`];`),
      ['file:///tmp/script.js', '/tmp/script.js', '/tmp', true, 'ERR_MODULE_NOT_FOUND', 'node:fs', 'node:fs', 'file:///tmp/a.mjs',
        'https://x/y', 'import.meta', 'file:///tmp/script.js']);
    }
  });

  test('The names that the runtime gives are not those that the script uses', async () => {
    const source = 'const default_ = 1, import_meta = 2;\nexport default () => 3;\nreturn [default_, import_meta, import.meta.main];';
    assert.deepEqual(await value(source), [1, 2, true]);
  });

  test('Text that only looks like an import stays as it is', async () => {
    const source = "const a = `import x from 'y'`; // import x from 'y'\n/* import x from 'y' */\nreturn [a, /import x from 'y'/.source];";
    assert.deepEqual(await value(source),
      ["import x from 'y'", "import x from 'y'"]);
  });
});

describe('A script that does not compile', () => {
  const cases = [
    ['let a = ;', "Unexpected token ';'", 1, 9],
    ['// é😀\n"é😀" b', "Unexpected identifier 'b'", 2, 6],
    ['if (x) {\n  y();', 'Unexpected end of input', 2, 7],
    ['return 1}', "Unexpected token '}'", 1, 9],
    ['if (1) {\n}}\nconst a = 1;\nreturn a', "Unexpected token '}'", 2, 2],
    ['}\n{', "Unexpected token '}'", 1, 1],
    ['a(); // }\nconst b = ;', "Unexpected token ';'", 2, 11],
    ['foo(1', 'missing ) after argument list', 1, 5],
    ['`abc', null, 1, 5],
    ['} foo(); {', null, 1, 1],
    ['return 1;\n}); foo(); (async function () {', null, 2, 1],
    ['}\n+{', null, 1, 1],
    ['}.call(), async function () {', null, 1, 1],
    ['let a;\nif (a) { export const b = 1; }', "Unexpected token 'export'", 2, 10],
    ['export const a = 1;\nexport { a };', "Duplicate export of 'a'", 2, 1],
    ['export { a b };', "Unexpected token 'b' in an export declaration", 1, 12],
    ['export foo;', "Unexpected token 'foo' in an export declaration", 1, 8],
    ["export { 'a b' };", 'A string can name an export only in `export … from`', 1, 10],
    ['export default 1;\nconst b = ;', "Unexpected token ';'", 2, 11],
    ['if (event) { import fs from "fs"; }', 'An import declaration may only stand at the top level of a script', 1, 14],
    ['import fs fro "fs";', "Unexpected token 'fro' in an import declaration", 1, 11],
    ['import { if } from "fs";', "'if' cannot be the name of an import", 1, 10],
    ['\nimport a from "fs"; import { a } from "path";', "Identifier 'a' has already been declared", 2, 21],
    ['import a from "fs";\nconst a = 1;', "Identifier 'a' has already been declared", 2, 7],
    ['import a from "fs" foo()', null, 1, 20],
    ['import a from "fs"; import', 'Unexpected end of input', 1, 27],
    ['await => 1', null, 1, 7],
  ];
  for (const [source, message, line, column] of cases) {
    test(`The error has the right position: ${JSON.stringify(source)}`, async () => {
      const told = await syntax(source);
      assert.deepEqual([told.line, told.column], [line, column], told.message);
      if (message !== null) assert.equal(told.message, message);
    });
  }

  test('Code that is nested too deeply is an error, and a later check still works', async () => {
    await using sandbox = await Sandbox.with(`return ${'['.repeat(400_000)}`);
    for (let round = 0; round < 3; round++) {
      const { result, end } = await sandbox.check();
      assert.ok(result?.kind === 'S' || end.signal !== null, JSON.stringify({ result, end }));
    }
  });
});

describe('A check', () => {
  test('A program that compiles passes, and no statement of it runs', async () => {
    await using sandbox = await Sandbox.with("console.log('ran'); process.exit(4);");
    const { result, stdout, end } = await sandbox.check();
    assert.deepEqual([result.kind, stdout, end.exitCode ?? end.signal], ['N', '', end.exitCode ?? 9]);
    assert.equal((await sandbox.run()).end.exitCode, 4);
  });

  test('A program that does not compile fails every check and run', async () => {
    await using sandbox = await Sandbox.with('\n  let = 5 5;');
    for (const outcome of [await sandbox.check(), await sandbox.run(), await sandbox.check()]) {
      assert.equal(outcome.result.kind, 'S');
      assert.equal(outcome.result.value.line, 2);
    }
  });
});

describe('TypeScript', () => {
  // The output of a compiler for `\n\nenum E { A = 3 }\nfunction f(): number {\n  throw new Error('typed');\n}\n…`.
  const source = 'var E = { A: 3 };\nfunction f() { throw new Error("typed"); }\ntry { f(); } catch (e) { console.log(e.stack); }\nf();';
  const sourceMap = JSON.stringify({ version: 3, sources: ['script.ts'], names: [], mappings: 'AAEA;AACiB,eACf;AADG;AAML' });

  test('Stacks show the lines of the uploaded code, inside and outside', async () => {
    const { result, stdout } = await run(source, {}, { filename: 'script.ts', sourceMap });
    assert.equal(result.kind, 'E');
    assert.match(result.value.stack, /^Error: typed\n {4}at f \(script\.ts:5:\d+\)\n {4}at \S* ?\(?script\.ts:\d+:\d+\)?$/);
    assert.match(stdout, /Error: typed\n {4}at f \(script\.ts:5:\d+\)/);
  });

  test('A syntax error has the line of the uploaded code', async () => {
    const { line } = await syntax('var a = 1;\nlet a = 2;', {
      filename: 'script.ts', sourceMap: JSON.stringify({ version: 3, sources: ['script.ts'], names: [], mappings: 'AAAA;AASA' }),
    });
    assert.equal(line, 10);
  });

  test('A malformed source map leaves positions as they are', async () => {
    const { stack } = await error('\nthrow new Error("x");', {}, { filename: 'script.ts', sourceMap: '{"version":' });
    assert.match(stack, /script\.ts:2:7/);
  });
});

describe('A result', () => {
  test('Values of every kind of JSON come back', async () => {
    for (const sample of [0, -1.5, '', 'é😀', true, false, null, [], {}, [1, { a: [null] }]]) {
      assert.deepEqual(await value('return event', sample), sample);
    }
    assert.equal(await value('return NaN'), null);
    assert.equal(await value('return new Date(0)'), '1970-01-01T00:00:00.000Z');
  });

  test('A value of a megabyte comes back complete', async () => {
    assert.equal((await value('return "x".repeat(event.size)', { size: 4_000_000 })).length, 4_000_000);
  });

  test('A script that returns nothing ends when the event loop is empty', async () => {
    for (const nothing of ['', 'return undefined', 'return () => 1', 'return Symbol()']) {
      const { result, stdout } = await run(`setTimeout(() => console.log('late'), 30);\n${nothing}`);
      assert.deepEqual([result.kind, stdout], ['N', 'late\n'], nothing);
    }
  });

  test('A returned value drops pending timers', async () => {
    const { result, stdout } = await run("setInterval(() => console.log('tick'), 1); setTimeout(() => {}, 1e6); return 1;");
    assert.deepEqual([result.value, stdout], [1, '']);
  });

  test('Listeners of the end of the process run when nothing is returned', async () => {
    const { result, stdout } = await run(`
      process.once('beforeExit', () => { console.log('before'); setTimeout(() => console.log('more'), 5); });
      process.on('exit', (code) => console.log('exit', code));`);
    assert.deepEqual([result?.kind, stdout], ['N', 'before\nmore\nexit 0\n']);
  });

  const endings = [
    ['a throw', "throw new Error('end');", 'exit 1\n'],
    ['a rejection', "Promise.reject(new Error('end'));", 'exit 1\n'],
    ['a throw in a timer', "setTimeout(() => { throw new Error('end'); });", 'exit 1\n'],
    ['a return', 'return 1;', 'exit 0\n'],
    ['an exit', 'process.exit(3);', 'exit 3\n'],
    ['an exit code', 'process.exitCode = 4;', 'exit 4\n'],
  ];
  for (const [name, source, printed] of endings) {
    test(`A listener of the exit hears of ${name}, and what it prints is there`, async () => {
      const { result, stdout, end } = await run(`process.on('exit', (code) => console.log('exit', code));\n${source}`);
      assert.equal(stdout, printed);
      assert.equal(result?.value?.message ?? result?.value ?? end.exitCode, { 0: 1, 1: 'end', 3: 3, 4: 4 }[printed[5]]);
    });
  }

  test('A listener of the exit may end the process otherwise, and after an error its own error is lost', async () => {
    assert.equal((await run("process.on('exit', () => process.exit(9)); throw new Error('end');")).end.exitCode, 9);
    assert.equal((await error("process.on('exit', () => { throw new Error('late'); }); throw new Error('end');")).message, 'end');
    assert.equal((await error("process.on('exit', () => { throw new Error('late'); }); return 1;")).message, 'late');
  });

  test('A listener of exceptions hears what the body throws, and the script goes on', async () => {
    const { result, stdout } = await run(`
      process.on('uncaughtExceptionMonitor', (e) => console.log('monitor', e.message));
      process.on('uncaughtException', (e, origin) => { console.log(e.message, origin); setTimeout(() => console.log('on'), 5); });
      process.on('exit', (code) => console.log('exit', code));
      throw new Error('end');`);
    assert.deepEqual([result.kind, stdout], ['N', 'monitor end\nend uncaughtException\non\nexit 0\n']);
  });

  test('Removing every listener does not keep the process from ending', async () => {
    const { result } = await run('process.removeAllListeners();');
    assert.equal(result.kind, 'N');
  });

  test('A promise that can never settle is an error', async () => {
    assert.match((await error('await new Promise(() => {})')).message, /event loop is empty/);
  });

  test('A value that cannot be JSON is an error that names its place', async () => {
    const cases = [
      ['return 1n', '$ is a BigInt'],
      ['return { rows: [1, 2, 3, { at: 5n }] }', '$.rows[3].at is a BigInt'],
      ['const a = { b: [{}] }; a.b[0]["x y"] = a; return a', '$.b[0]["x y"] contains itself'],
      ['return { a: { toJSON() { throw new TypeError("no") } } }', '$.a: toJSON has thrown TypeError: no'],
      ['return { a: [{ get b() { throw "no" } }] }', '$.a[0].b: its getter has thrown no'],
      ['return { a: { toJSON: () => ({ b: 1n }) } }', '$.a.b is a BigInt'],
    ];
    for (const [source, place] of cases) {
      const { name, message, stack } = await error(source);
      assert.deepEqual([name, message], ['TypeError', `The returned value cannot be sent as JSON: ${place}`]);
      assert.equal(stack, `TypeError: ${message}`);
    }
    assert.deepEqual(await value('const twice = { a: 1 }; return [twice, twice, NaN, Infinity]'), [{ a: 1 }, { a: 1 }, null, null]);
  });

  test('Bytes are sent as base64 with their media type', async () => {
    const octets = 'application/octet-stream';
    const cases = [
      ['Buffer.from([0, 255])', { base64: 'AP8=', mediaType: octets }],
      ['new Uint8Array([1, 2, 3]).subarray(1)', { base64: 'AgM=', mediaType: octets }],
      ['new Uint8Array([7]).buffer', { base64: 'Bw==', mediaType: octets }],
      ['new Blob(["hi"], { type: "text/html" })', { base64: 'aGk=', mediaType: 'text/html' }],
      ['new Blob([])', { base64: '', mediaType: octets }],
      ['new Response("hi", { headers: { "Content-Type": "image/svg+xml" } })', { base64: 'aGk=', mediaType: 'image/svg+xml' }],
      ['new Response("no", { status: 404 })', { base64: 'bm8=', mediaType: 'text/plain;charset=UTF-8', status: 404 }],
    ];
    for (const [source, expected] of cases) {
      const { result } = await run(`return ${source}`);
      assert.deepEqual([result.kind, result.value], ['B', expected], source);
    }
  });

  test('A body of JSON is its value, and only bytes as such are bytes', async () => {
    assert.deepEqual(await value('return Response.json({ a: [1] })'), { a: [1] });
    assert.deepEqual(await value('return new Blob(["[1]"], { type: "application/json" })'), [1]);
    assert.deepEqual(await value('return { nested: Buffer.from("x") }'), { nested: { type: 'Buffer', data: [120] } });
    assert.deepEqual(await value('class Blob {}\nreturn new Blob()'), {});
    assert.equal((await error('return new Blob(["{"], { type: "application/json" })')).name, 'SyntaxError');
    assert.equal((await error('const r = new Response("x"); await r.text(); return r')).name, 'TypeError');
  });

  test('An input a hundred thousand levels deep arrives, and the zygote survives it', async () => {
    await using sandbox = await Sandbox.with('return event.deep ? typeof event.deep : event');
    sandbox.send(types.run, `{"deep":${'['.repeat(100_000)}${']'.repeat(100_000)}}`);
    assert.equal((await sandbox.outcome()).result.value, 'object');
    sandbox.send(types.run, `${'['.repeat(100_000)}${']'.repeat(100_000)}`);
    const { result } = await sandbox.outcome();
    assert.ok(result.kind === 'V' || result.value.name === 'RangeError', result.kind);
    assert.deepEqual((await sandbox.run([1])).result.value, [1]);
  });

  test('An empty object is returned as one, whatever its prototype and its constructor', async () => {
    for (const value of [
      'Object.create(null)', 'require("querystring").parse("")', '"x".match(/(?<g>y)?/).groups', '({ constructor: undefined })',
      '({ constructor: {} })', 'new (class { constructor() { this.constructor = undefined; } })()',
    ]) {
      const { result } = await run(`return ${value}`);
      assert.equal(result.kind, 'V', value);
    }
    assert.deepEqual((await run('return Object.create(null)')).result.value, {});
  });

  test('Printing JSON never replaces the returned value', async () => {
    const { result, stdout } = await run('console.log(JSON.stringify({ value: "printed" })); return "returned";');
    assert.deepEqual([result.value, stdout], ['returned', '{"value":"printed"}\n']);
  });

  test('Everything printed before the return arrives before END', async () => {
    const { result, stdout, stderr } = await run(`
      for (let i = 0; i < 20000; i++) { console.log('line ' + i); if (i % 100 === 0) console.error('error ' + i); }
      return 'done';`);
    assert.equal(result.value, 'done');
    assert.equal(stdout, Array.from({ length: 20000 }, (_, i) => `line ${i}\n`).join(''));
    assert.equal(stderr.split('\n').length, 201);
  });
});

describe('An error', () => {
  test('It comes back with its name, its message and only the script\'s own frames', async () => {
    const { name, message, stack } = await error('\nfunction inner() {\n  throw new RangeError("far");\n}\n[1].forEach(() => inner());');
    assert.deepEqual([name, message], ['RangeError', 'far']);
    const frames = ['at inner (script.js:3:9)', 'at script.js:5:19', 'at Array.forEach (<anonymous>)'];
    const [head, ...rest] = stack.split('\n    ');
    assert.deepEqual([head, ...rest.slice(0, -1)], ['RangeError: far', ...frames]);
    assert.match(rest.at(-1), /^at \S+ \(script\.js:5:5\)$/);
  });

  test('Its stack shows causes, the errors of an AggregateError and own properties, as node prints them', async () => {
    const { message, stack } = await error(`
      const inner = new TypeError('inner', { cause: { code: 5 } });
      throw new AggregateError([new Error('first', { cause: inner }), 7], 'all of them');`);
    assert.equal(message, 'all of them');
    const withoutFrames = stack.replaceAll(/\n *at .*?(?=,?\n| \{\n|$)/g, '');
    assert.equal(withoutFrames, [
      'AggregateError: all of them {', '  [errors]: [', '    Error: first {', '      [cause]: TypeError: inner {',
      '        [cause]: { code: 5 }', '      }', '    },', '    7', '  ]', '}'].join('\n'));
    assert.match(stack, /\n {10}at .*script\.js:2:21/);
    assert.match((await error("const e = new Error('x', { cause: 'why' }); e.code = 'E_X'; throw e;")).stack,
      /^Error: x\n {4}at .* \{\n {2}code: 'E_X',\n {2}\[cause\]: 'why'\n\}$/);
    assert.match((await error('await Promise.any([Promise.reject(new Error("a")), Promise.reject(new Error("b"))])')).stack,
      /^AggregateError: All promises were rejected.*Error: a.*Error: b/s);
  });

  test('An error that contains itself, or has a chain without an end, is told', async () => {
    assert.match((await error("const e = new Error('x'); e.cause = e; throw e;")).stack, /cause: \[Circular\]/);
    const { stack } = await error("let e = new Error('0'); for (let i = 1; i < 1000; i++) e = new Error(`${i}`, { cause: e }); throw e;");
    assert.match(stack, /^Error: 999\n.*Error: 985\n/s);
    const unreadable = "throw Object.defineProperty(new Error('x'), 'code', { enumerable: true, get() { throw 1; } })";
    assert.equal((await error(unreadable)).message, 'x');
  });

  for (const [source, name, message] of [
    ["throw 'text'", 'Error', 'text'],
    ['throw null', 'Error', 'null'],
    ['throw undefined', 'Error', 'undefined'],
    ['throw Symbol("s")', 'Error', 'Symbol(s)'],
    ['throw 10n', 'Error', '10n'],
    ['throw { code: 5 }', 'Error', '{ code: 5 }'],
    ['throw { name: "Mine", message: "m" }', 'Mine', 'm'],
    ['throw Object.create(null)', 'Error', '[Object: null prototype] {}'],
    ['throw new Proxy({}, { get() { throw 1; }, getPrototypeOf() { throw 2; }, ownKeys() { throw 3; } })', 'Error', 'Proxy({})'],
    ['throw { get name() { throw 1; }, get message() { throw 2; }, get stack() { throw 3; } }', 'Error', null],
    ['const e = new Error("x"); Object.defineProperty(e, "message", { get() { throw 1; } }); throw e', 'Error', ''],
    ['const e = new Error("x"); e.stack = 5; e.name = {}; throw e', 'Error', 'x'],
    ['throw new DOMException("gone", "AbortError")', 'AbortError', 'gone'],
    ['throw function named() {}', null, null],
  ]) {
    test(`A thrown value is described: ${source}`, async () => {
      const told = await error(source);
      if (name !== null) assert.equal(told.name, name);
      if (message !== null) assert.equal(told.message, message);
    });
  }

  test('Unhandled rejections and exceptions are errors, in timers too', async () => {
    assert.equal((await error('Promise.reject(new TypeError("r")); await new Promise((r) => setTimeout(r, 1000));')).message, 'r');
    assert.equal((await error('Promise.reject("bare");')).message, 'bare');
    assert.equal((await error('setTimeout(() => { throw new TypeError("t"); }, 5);')).message, 't');
    assert.equal((await error('queueMicrotask(() => { throw null; });')).message, 'null');
    assert.equal((await error('process.on("exit", () => { throw new TypeError("late"); });')).message, 'late');
  });

  test('If a handler of exceptions throws, that exception is the error', async () => {
    const source = "process.on('uncaughtException', () => { throw new Error('again'); }); setTimeout(() => { throw 1; });";
    assert.equal((await error(source)).message, 'again');
    assert.equal((await error("process.on('beforeExit', () => { throw new Error('before'); });")).message, 'before');
  });

  test('A script that handles its exceptions goes on', async () => {
    assert.equal(await value(`
      const seen = [];
      process.on('uncaughtException', (e) => seen.push(e.message));
      process.on('unhandledRejection', (e) => seen.push(e.message));
      setTimeout(() => { throw new Error('a'); });
      Promise.reject(new Error('b'));
      await new Promise((r) => setTimeout(r, 30));
      return seen.sort().join();`), 'a,b');
  });

  test('Deep recursion is a RangeError', async () => {
    assert.equal((await error('function f() { return f() + 1; }\nreturn f();')).name, 'RangeError');
  });

  test('Message and stack are cut at 64 KiB, between characters', async () => {
    const { message, stack } = await error('throw new Error("é😀".repeat(1e6))');
    for (const text of [message, stack]) {
      assert.ok(Buffer.byteLength(text) <= 65536 && Buffer.byteLength(text) > 65500);
      assert.match(text, /^(Error: )?(é😀)*é?$/u);
    }
  });
});

describe('A script that replaces the built-ins that the runtime uses', () => {
  const vandalism = `
    JSON.stringify = JSON.parse = () => 'forged'; Promise.prototype.then = () => { throw new Error('then'); };
    Object.defineProperty(Promise.prototype, 'constructor', { get() { throw new Error('constructor'); } });
    Promise = undefined; Array.prototype.push = () => { throw new Error('push'); };
    Array.prototype[Symbol.iterator] = () => { throw new Error('iterator'); };
    Object.defineProperty(Object.prototype, 'value', { set() { throw new Error('set'); }, get() { return 'forged'; }, configurable: true });
    Object.prototype.toJSON = undefined; Function.prototype.call = Function.prototype.apply = () => { throw new Error('call'); };
    Reflect.apply = () => { throw new Error('apply'); }; String.prototype.indexOf = String.prototype.slice = () => { throw 1; };
    RegExp.prototype.exec = () => { throw 1; }; Uint8Array.prototype.subarray = () => { throw 1; };
    process.exit = process.reallyExit = () => {}; console.log = () => {};
    globalThis.Buffer = globalThis.BigInt = globalThis.TextEncoder = null;`;

  test('Its value still comes back', async () => {
    assert.equal(await value(`${vandalism}\nreturn 5;`), 5);
    assert.equal(await value(`${vandalism}
      globalThis.JSON = globalThis.Object = globalThis.Reflect = globalThis.process = globalThis.String = null;
      return 'x';`), 'x');
  });

  test('Its error still comes back, and so does the end without a value', async () => {
    assert.equal((await error(`${vandalism}\nthrow new TypeError('mine');`)).message, 'mine');
    assert.equal((await run(`${vandalism}`)).result.kind, 'N');
  });

  test('The next run sees nothing of it', async () => {
    await using sandbox = await Sandbox.with(`if (event.break) { ${vandalism}; globalThis.left = 1; return 'broken'; }
      return [typeof Promise, JSON.stringify({ a: 1 }), typeof left];`);
    assert.equal((await sandbox.run({ break: true })).result.value, 'broken');
    assert.deepEqual((await sandbox.run()).result.value, ['function', '{"a":1}', 'undefined']);
  });
});
