import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { loadableAhead, namedModules } from '../../../runtimes/node/script/preload.mjs';
import { Sandbox, run } from './sandbox.mjs';

describe('Modules that a script names', () => {
  const found = (source) => [...namedModules(source)].map(({ name, isModule }) => (isModule ? `${name}*` : name));

  test('They are found in every form, anywhere in the text', () => {
    const source = "const a = require('fs'), b = require ( \"node:net\" ); import 'http2'; import x, { y } from 'node:dns';"
      + "await import(`tls`); // require('v8')";
    assert.deepEqual(found(source), ['fs', 'net', 'http2*', 'dns*', 'tls*', 'v8']);
    assert.deepEqual(found("require('./fs'); require('lodash'); require(name); import own from './own.mjs'; require('../zlib')"), []);
  });

  test('They are loaded before the child is forked, and no other modules are', async () => {
    const probe = "return ['http2', 'readline'].map((name) => process.moduleLoadList.includes('NativeModule ' + name));";
    assert.deepEqual((await run(`${probe} // require('http2'), import('readline')`)).result.value, [true, true]);
    assert.deepEqual((await run(probe)).result.value, [false, false]);
  });

  test('A thread that node starts when it loads a module has ended before a child is forked', async () => {
    const { result } = await run("const tls = require('node:tls'); return tls.getCACertificates('bundled').length > 100;");
    assert.equal(result.value, true);
  });

  test('A static import of a module of node is bound to the value that require returns', async () => {
    const { result } = await run(`import dns, { lookup } from 'node:dns'; import * as all from 'dns';
      import { createRequire } from 'module';
      const own = createRequire('/tmp/x')('dns');
      return [dns === own, lookup === own.lookup, all.default === own];`);
    assert.deepEqual(result.value, [true, true, true]);
  });

  test('A module that must not be loaded ahead is loaded when the script asks for it', async () => {
    const excluded = ['process', 'test', 'domain', 'inspector', 'punycode', 'sqlite', 'ffi', 'trace_events', 'repl', 'wasi', 'sys'];
    for (const name of excluded) assert.ok(!loadableAhead.has(name), name);
    const { result } = await run(`import process from 'node:process'; import inspector from 'node:inspector';
      const { test } = require('node:test');
      return [typeof process.pid, typeof inspector.url, typeof test];`);
    assert.deepEqual(result.value, ['number', 'function', 'function']);
  });

  test('Loading one ahead prints no warning, keeps no descriptor, leaves no thread and listens for no event', () => {
    const code = `
      const fs = require('fs');
      const state = () => JSON.stringify([fs.readdirSync('/proc/self/fd').length, fs.readdirSync('/proc/self/task').length,
        process.eventNames().map(String).sort(), Object.getOwnPropertyNames(globalThis).length, process.getActiveResourcesInfo()]);
      const changed = [];
      (async () => {
        process.on('warning', (warning) => changed.push(warning.message));
        await import('node:fs');
        process.stdout, process.stderr; // the zygote has replaced them by then
        for (const name of ${JSON.stringify([...loadableAhead])}) {
          const before = state();
          process.getBuiltinModule('node:' + name);
          await import('node:' + name);
          await new Promise(setImmediate);
          for (let waited = 0; state() !== before && waited < 1000; waited++) await new Promise((resolve) => setTimeout(resolve, 10));
          if (state() !== before) changed.push([name, before, state()]);
        }
        console.log(JSON.stringify(changed));
      })();`;
    const flags = ['--no-warnings', '--experimental-ffi', '--v8-pool-size=0', '--single-threaded', '--disable-sigusr1'];
    const options = { encoding: 'utf8', timeout: 50_000, stdio: ['pipe', 'pipe', 'inherit'] };
    const found = execFileSync(process.execPath, [...flags, '-e', code], options);
    assert.deepEqual(JSON.parse(found), []);
  });
});

describe('Before a run', () => {
  test('No statement of the script runs', async () => {
    await using sandbox = await Sandbox.with(`
      const fs = require('fs');
      const seen = fs.readdirSync('/tmp').filter((name) => name !== 'script.js');
      globalThis.ran = (globalThis.ran ?? 0) + 1;
      fs.writeFileSync('/tmp/ran', '');
      console.log('ran');
      return [seen, ran, process.pid !== 1];`);
    while (sandbox.childrenOfZygote().length === 0) await new Promise((resolve) => { setImmediate(resolve); });
    for (let round = 0; round < 2; round++) {
      const { result, stdout } = await sandbox.run();
      assert.deepEqual([result.value, stdout], [[[], 1, true], 'ran\n']);
    }
  });

  test('Text that closes the function around the script does not run in the zygote', async () => {
    const sources = ['}); process.exit(3); (async function () {', '})(), process.exit(3), (async function () {', '} process.exit(3); {',
      "});\nthrow new Error('ran');\n(() => {"];
    for (const source of sources) {
      await using sandbox = await Sandbox.with(source);
      for (let round = 0; round < 2; round++) assert.equal((await sandbox.run()).result?.kind, 'S', source);
    }
  });
});
