import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Sandbox, run as runOnce } from './sandbox.mjs';

const STARTS = ['warm', 'spare', 'cold'];
const answer = async (source, options, input = { a: 1 }) => {
  const { result, stdout } = await runOnce(source, input, options);
  return [result?.kind, result?.kind === 'E' ? result.value.message : result?.value, stdout];
};

describe('A handler', () => {
  const answers = [
    'exports.handler = async (event) => [event.a];',
    'module.exports.handler = function (event) { return Promise.resolve([event.a]); };',
    'module.exports = (event) => [event.a];',
    'module.exports = { handler: (event) => [event.a] };',
    'export default (event) => [event.a];',
    'exports.default = (event) => [event.a];',
    'export default async function (event) { return [event.a]; }',
    'export default function named(event) { return [event.a]; }',
    'export const handler = async (event) => [event.a];',
    'export async function handler(event) { return [event.a]; }',
    'const own = (event) => [event.a];\nexport { own as handler };',
    'exports.handler = (event, context, callback) => { setTimeout(() => callback(null, [event.a]), 2); };',
    'exports.handler = (event, context, callback) => setTimeout(callback, 2, null, [event.a]);',
    'exports.handler = (event, context) => { setTimeout(() => context.succeed([event.a]), 2); };',
    "await new Promise((resolve) => setTimeout(resolve, 2));\nconsole.error('loaded');\nexports.handler = (event) => [event.a];",
  ];
  for (const [at, source] of answers.entries()) {
    test(`is called with the event and answers: ${source}`, async () => {
      assert.deepEqual(await answer(source, { start: STARTS[at % STARTS.length] }), ['V', [1], '']);
    });
  }

  test('is not called when the body has returned a value or printed', async () => {
    assert.deepEqual(await answer('exports.handler = () => 1; return 2;'), ['V', 2, '']);
    assert.deepEqual(await answer("console.log('init'); exports.handler = () => 1;"), ['N', { handler: 'handler' }, 'init\n']);
    assert.deepEqual(await answer("console.log('init'); module.exports = () => 1;"), ['N', { handler: 'default' }, 'init\n']);
  });

  test('is called even so when the upload names it, exported or not', async () => {
    assert.deepEqual(await answer("console.log('init'); exports.handler = () => 1;", { handler: 'handler' }), ['V', 1, 'init\n']);
    assert.deepEqual(await answer('const run = ({ a }) => a + 1;', { handler: 'run' }), ['V', 2, '']);
    assert.deepEqual(await answer('exports.run = ({ a }) => a + 1; exports.handler = () => 0;', { handler: 'run' }), ['V', 2, '']);
    assert.deepEqual(await answer('export class A {}\nexport default () => 5;', { handler: 'default' }), ['V', 5, '']);
    assert.deepEqual(await answer('function run() { return 1; }\nreturn 2;', { handler: 'run' }), ['V', 2, '']);
    assert.deepEqual(await answer('const run = 1;', { handler: 'run' }), ['E', "The script has no handler 'run'", '']);
    assert.deepEqual(await answer('exports.handler = () => 1;', { handler: 'class' }), ['E', "The script has no handler 'class'", '']);
  });

  test('that has no value yet when the body ends is none', async () => {
    assert.deepEqual(await answer('if (event.a) return;\nexport const handler = () => 1;'), ['N', { handler: null }, '']);
    assert.deepEqual(await answer('export { missing as handler };'), ['N', { handler: null }, '']);
  });

  test('that answers nothing leaves what was printed', async () => {
    assert.deepEqual(await answer('exports.handler = () => { console.log(7); };'), ['N', undefined, '7\n']);
    assert.deepEqual(await answer('exports.handler = async () => {};'), ['N', undefined, '']);
    assert.deepEqual(await answer('exports.handler = (e, c, callback) => {};'), ['N', undefined, '']);
    assert.deepEqual(await answer(''), ['N', { handler: null }, '']);
    assert.deepEqual(await answer("console.log('x');"), ['N', undefined, 'x\n']);
    const others = 'exports.main = () => 1; exports.handle = () => 1; export default { fetch() {} };';
    assert.deepEqual(await answer(others), ['N', { handler: null }, '']);
  });

  test('that is named leaves a directive of the script in force', async () => {
    const source = "// first\n'use strict';\nfunction run() { return this === undefined; }";
    assert.deepEqual(await answer(source, { handler: 'run' }), ['V', true, '']);
    assert.deepEqual(await answer(source.replace('use', 'no'), { handler: 'run' }), ['V', false, '']);
  });

  test('fails as a body does', async () => {
    for (const source of ['throw new TypeError("no")', 'return Promise.reject(new TypeError("no"))']) {
      assert.deepEqual(await answer(`exports.handler = () => { ${source}; };`), ['E', 'no', '']);
    }
    assert.deepEqual(await answer('exports.handler = (e, c, callback) => callback(new Error("no"));'), ['E', 'no', '']);
    assert.deepEqual(await answer('exports.handler = (e, c) => c.fail(new Error("no"));'), ['E', 'no', '']);
    const { result } = await runOnce('exports.handler = () => {\n  throw new Error("x");\n};', {});
    assert.match(result.value.stack, /^Error: x\n {4}at exports\.handler \(script\.js:2:9\)$/);
  });

  test('is told what is true of its sandbox', async () => {
    const limits = { memoryBytes: 96 << 20, cpus: 0.5, timeoutMilliseconds: 5000 };
    const { result } = await runOnce(`exports.handler = (event, context) => [context.getRemainingTimeInMillis(), context.memoryLimitInMB,
      context.awsRequestId, context.functionName, context.functionVersion];`, {}, { limits });
    const [left, memory, id, name, version] = result.value;
    assert.ok(left > 0 && left <= 5000, `${left}`);
    assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4/);
    assert.deepEqual([memory, name, version], ['96', 'script', '$LATEST']);
  });

  test('of a shared process is called once for each run', async () => {
    await using sandbox = await Sandbox.with('globalThis.bodies = (globalThis.bodies ?? 0) + 1; exports.handler = ({ n }) => [n, bodies];',
      { isolation: 'shared' });
    for (let n = 1; n <= 3; n++) assert.deepEqual((await sandbox.run({ n })).result.value, [n, n]);
  });
});
