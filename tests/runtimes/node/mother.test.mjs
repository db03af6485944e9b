import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Mother } from './mother.mjs';

describe('The mother', () => {
  test('A fork gives a zygote that runs a script and reports READY as any zygote does', async () => {
    await using mother = await Mother.start();
    const version = { protocol: 1, runtime: 'node', version: process.versions.node };
    assert.deepEqual(await mother.reply(), version);
    const child = await mother.fork();
    assert.deepEqual(child.ready, version);
    child.bind('console.log("hello"); return [event.n, process.getuid()];');
    const { result, stdout } = await child.run({ n: 1 });
    assert.deepEqual([result.value, stdout], [[1, 1000], 'hello\n']);
  });
});
