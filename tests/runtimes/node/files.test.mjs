import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, test } from 'node:test';
import { types } from './frames.mjs';
import { Sandbox } from './sandbox.mjs';

const SEEN = `const fs = require('fs');
  const seen = {};
  for (const name of fs.existsSync('/tmp/in') ? fs.readdirSync('/tmp/in') : []) {
    seen[name] = fs.readFileSync('/tmp/in/' + name).toString('hex');
  }
  return [seen, fs.readdirSync('/tmp').sort()];`;
const hex = (text) => Buffer.from(text).toString('hex');
const LIMITS = { files: 3, bytes: 1000 };

async function seen(sandbox) {
  const { result } = await sandbox.run();
  assert.equal(result?.kind, 'V', JSON.stringify(result));
  return result.value;
}

describe('The files that a call brings', () => {
  test('belong to the run that they come before and to no other', async () => {
    await using sandbox = await Sandbox.with(SEEN);
    const big = randomBytes(3 << 20);
    sandbox.give('ä b.csv', '1,2\n');
    sandbox.give('empty', '');
    sandbox.give('big', big);
    assert.deepEqual(await seen(sandbox), [{ 'ä b.csv': hex('1,2\n'), empty: '', big: big.toString('hex') }, ['in', 'out', 'script.js']]);
    sandbox.give('other', 'x');
    assert.deepEqual(await seen(sandbox), [{ other: hex('x') }, ['in', 'out', 'script.js']]);
    assert.deepEqual(await seen(sandbox), [{}, ['script.js']]);
  });

  test('reach the child that was forked before its program', async () => {
    await using sandbox = await Sandbox.ahead();
    sandbox.bind(SEEN, { isolation: 'sandbox' });
    sandbox.give('a', '1');
    assert.deepEqual((await seen(sandbox))[0], { a: hex('1') });
  });

  test('may be changed and removed by the script', async () => {
    await using sandbox = await Sandbox.with(`const fs = require('fs');
      const modes = ['/tmp/in', '/tmp/in/a', '/tmp/out'].map((path) => (fs.statSync(path).mode & 0o777).toString(8));
      fs.appendFileSync('/tmp/in/a', 'more');
      const text = fs.readFileSync('/tmp/in/a', 'utf8');
      fs.rmSync('/tmp/in', { recursive: true });
      return [modes, text];`);
    for (let round = 0; round < 2; round++) {
      sandbox.give('a', '1');
      assert.deepEqual(await seen(sandbox), [['755', '644', '755'], '1more']);
    }
  });

  for (const name of ['..', '.', '', '../a', 'a/b', '/etc/a', 'a\0b', 'x'.repeat(256)]) {
    test(`break the protocol with the name ${JSON.stringify(name.slice(0, 9))}`, async () => {
      await using sandbox = await Sandbox.with(SEEN);
      sandbox.send(types.file, name);
      await assert.rejects(sandbox.run(), /ended \(70\)/);
    });
  }

  for (const [isolation, type] of [['process', types.fileBytes], ['shared', types.file]]) {
    test(`break the protocol without a name, or in a shared process (${isolation})`, async () => {
      await using sandbox = await Sandbox.with(SEEN, { isolation });
      sandbox.send(type, 'a');
      await assert.rejects(sandbox.run(), /ended \(70\)/);
    });
  }

  test('end the zygote where they do not fit', async () => {
    await using sandbox = await Sandbox.with('return 1', { extra: ['--size', '65536', '--tmpfs', '/tmp'] });
    sandbox.give('big', Buffer.alloc(1 << 20));
    await assert.rejects(sandbox.run(), /no space left/);
  });
});

describe('The files that a run gives back', () => {
  /** Of the second run, so that it is seen what the first one has left. */
  async function outcome(source, { isolation = 'process', out = LIMITS } = {}) {
    await using sandbox = await Sandbox.with(`const fs = require('fs');\n${source}`, { isolation, out });
    if (isolation === 'process') await sandbox.run();
    return await sandbox.run();
  }
  const write = "fs.mkdirSync('/tmp/out', { recursive: true }); fs.writeFileSync('/tmp/out/a', 'a');";
  const texts = (files) => Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, bytes.toString()]));

  async function refusal(source) {
    const { files, refused, result } = await outcome(`fs.mkdirSync('/tmp/out'); process.chdir('/tmp/out'); ${source}; return 1;`);
    assert.deepEqual(files, {});
    assert.equal(result.value, 1);
    assert.equal(refused.length, 1);
    return refused[0];
  }

  for (const isolation of ['process', 'sandbox']) {
    test(`come after the result, which is announced (${isolation})`, async () => {
      const source = `${write} fs.writeFileSync('/tmp/out/ä b', ''); console.log('printed'); return 1;`;
      const { files, order } = await outcome(source, { isolation });
      assert.deepEqual(texts(files), { a: 'a', 'ä b': '' });
      assert.ok(order.indexOf(types.out) < order.indexOf(types.result));
      assert.equal(order.filter((type) => type === types.out).length, 1);
    });
  }

  test('are not announced by a run that makes no folder', async () => {
    assert.deepEqual((await outcome('return 1;')).order, [types.result, types.end]);
  });

  test('come in pieces when they are large', async () => {
    const { files } = await outcome(
      "fs.mkdirSync('/tmp/out'); fs.writeFileSync('/tmp/out/big', Buffer.from(new Uint32Array(1_000_000).map((_, at) => at).buffer)); return 1;",
      { out: { files: 1, bytes: 4_000_000 } });
    assert.ok(files.big.equals(Buffer.from(new Uint32Array(1_000_000).map((_, at) => at).buffer)));
  });

  for (const end of ['', 'process.exit(0);']) {
    test(`are given back without a value, too (${end})`, async () => {
      assert.deepEqual(texts((await outcome(write + end)).files), { a: 'a' });
    });
  }

  for (const end of ['throw new Error("x");', 'process.exit(1);', 'process.kill(process.pid, "SIGKILL");']) {
    test(`are not given back by a script that fails (${end})`, async () => {
      const { files, refused } = await outcome(write + end);
      assert.deepEqual([files, refused], [{}, []]);
    });
  }

  test('are not given back without limits, or by a shared process', async () => {
    await using sandbox = await Sandbox.with(`const fs = require('fs'); ${write} return 1;`);
    assert.deepEqual((await sandbox.run()).order, [types.result, types.end]);
    assert.deepEqual((await outcome(`${write} return 1;`, { isolation: 'shared' })).order, [types.result, types.end]);
  });

  for (const [source, kind] of [
    ["fs.symlinkSync('/etc/passwd', 'x')", 'x is a symbolic link'],
    ["require('child_process').execSync('mkfifo x')", 'x is a named pipe'],
    ["fs.mkdirSync('x')", 'x is a folder'],
  ]) {
    test(`are refused by name where one is no plain file: ${kind}`, async () => {
      assert.deepEqual(await refusal(source), { over: false, detail: `/tmp/out/${kind}; only plain files are given back.` });
    });
  }

  test('are refused where a name is not UTF-8', async () => {
    assert.match((await refusal("fs.writeFileSync(Buffer.from([0xff]), '')")).detail, /not valid UTF-8/);
  });

  for (const [source, kind] of [["fs.symlinkSync('/etc', '/tmp/out')", 'a symbolic link'], ["fs.writeFileSync('/tmp/out', '')", 'a file']]) {
    test(`are refused where the folder is ${kind}`, async () => {
      const { refused } = await outcome(`${source}; return 1;`);
      assert.deepEqual(refused, [{ over: false, detail: `/tmp/out is ${kind}, and no folder.` }]);
    });
  }

  test('are refused where they are too many or too large', async () => {
    assert.deepEqual(
      await refusal("for (let n = 0; n < 4; n++) fs.writeFileSync(String(n), '')"),
      { over: true, detail: '/tmp/out has more than 3 files (faas.sandbox.out-files).' });
    assert.deepEqual(
      await refusal("fs.writeFileSync('giant', ''); fs.truncateSync('giant', 2 ** 40)"),
      { over: true, detail: 'With /tmp/out/giant, /tmp/out has more than 1000 bytes (faas.sandbox.out-limit).' });
  });

  test('come with any mode, and as hard links', async () => {
    const { files } = await outcome(`${write} fs.linkSync('/tmp/out/a', '/tmp/out/b'); fs.chmodSync('/tmp/out/a', 0);
      fs.chmodSync('/tmp/out', 0); return 1;`);
    assert.deepEqual(texts(files), { a: 'a', b: 'a' });
  });

  for (const before of ['', write]) {
    test(`are hidden by a /tmp without rights, which harms nothing (${before})`, async () => {
      const { files, refused, result } = await outcome(`${before} fs.chmodSync('/tmp', 0); return 'left';`);
      assert.deepEqual([result.value, files, refused], ['left', {}, []]);
    });
  }

  test('may be removed by a process that is left, which harms nothing', async () => {
    const { files, result } = await outcome(`fs.mkdirSync('/tmp/out'); require('child_process').spawn(
      '/bin/sh', ['-c', 'while :; do rmdir /tmp/out; mkdir /tmp/out; done'], { stdio: 'ignore' }).unref(); return 1;`);
    assert.deepEqual([result.value, files], [1, {}]);
  });
});
