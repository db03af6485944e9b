// Libraries of npm with machine code: what stays in the bundle, what it imports from a layer, and the layer.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { after, before, describe, test } from 'node:test';
import { addon, addonAndLibrary } from './addon.mjs';
import { bundleWith, layerOf } from './bundler.mjs';
import { startRegistry } from './registry.mjs';
import { Sandbox } from './sandbox.mjs';

const here = { os: ['linux'], cpu: [process.arch], libc: ['glibc'] };
const platform = `prebuilt-linux-${process.arch}`;
const optional = (...ends) => ({ optionalDependencies: Object.fromEntries(ends.map((end) => [`@acme/prebuilt-${end}`, '1.0.0'])) });
let registry;

before(async () => {
  registry = await startRegistry();
  registry.publish('pure', '1.0.0', { 'index.js': "module.exports = 'pure'" });
  registry.publish('own', '1.0.0', {
    'index.js': `exports.word = require('./build/a.node'); exports.at = __filename;
      exports.data = require('fs').readFileSync(__dirname + '/data', 'utf8')`,
    'build/a.node': addon('its own'), data: 'data', 'package/index.js': 'exports.isInner = true',
  }, { bin: './index.js', dependencies: { pure: '*' } });
  const { addon: using, library } = addonAndLibrary('from a library', '../../prebuilt-lib/lib');
  registry.publish('@acme/prebuilt-lib', '1.0.0', { 'lib/libword.so': library }, here);
  registry.publish(`@acme/${platform}`, '1.0.0', { 'lib/a.node': using }, { ...here, ...optional('lib') });
  for (const [other, is] of [['musl', { ...here, libc: ['musl'] }], ['darwin', { os: ['darwin'] }], ['s390x', { cpu: ['s390x'] }]]) {
    registry.publish(`@acme/prebuilt-${other}`, '1.0.0', { 'lib/a.node': 'none' }, is);
  }
  registry.publish('prebuilt', '1.0.0', {
    'index.cjs': `exports.word = require('@acme/${platform}/lib/a.node'); exports.kind = 'cjs'`,
    'index.mjs': "import all from './index.cjs'; export const { word } = all; export const kind = 'mjs'",
  }, {
    exports: { import: './index.mjs', require: './index.cjs' },
    ...optional(`linux-${process.arch}`, 'musl', 'darwin', 's390x'),
  });
  const above = "module.exports = `above ${require('prebuilt').word}`";
  registry.publish('above', '1.0.0', { 'index.js': above }, { dependencies: { prebuilt: '*' } });
});
after(() => registry.close());

const built = async (files, asked) => {
  const answer = await bundleWith(files, registry.url, asked);
  assert.deepEqual([answer.refused, answer.failure, answer.errors], [undefined, undefined, []], JSON.stringify(answer));
  return answer;
};

describe('A library with machine code', () => {
  test('stays outside of the bundle, beside what is pure, and is loaded from the layer of the lock', async () => {
    const { javaScript, sourceMap, lock, needsLayer } = await built({
      'main.ts': `
        import pure from 'npm:pure'; import * as own from 'npm:own'; import { kind, word } from 'npm:prebuilt';
        import { more } from './more';
        export default async () => [pure, own.word, own.data, own.at, kind, word, ...more, (await import('above')).default]`,
      'more.ts': `import inner from 'own/package/index.js'; import manifest from 'own/package.json';
        import required = require('prebuilt');
        export const more: string[] = [inner.isInner, manifest.version, required.kind];`,
    }, { dependencies: ['above'] });
    assert.equal(needsLayer, true);
    assert.match(javaScript, /"pure"/);
    assert.doesNotMatch(javaScript, /faas\.pause/);
    assert.deepEqual([...new Set(javaScript.match(/(?<=")\/libraries\/[^"\n]+(?=")/g))].sort(), [
      '/libraries/node_modules/above/index.js', '/libraries/node_modules/own/index.js', '/libraries/node_modules/own/package/index.js',
      '/libraries/node_modules/prebuilt/index.cjs', '/libraries/node_modules/prebuilt/index.mjs',
    ]);

    using layer = await layerOf(lock, registry.url);
    assert.equal(layer.answer.built?.isNative, true, JSON.stringify(layer.answer));
    assert.equal(layer.answer.built.files, layer.names.length);
    assert.deepEqual(layer.names.filter((name) => /musl|darwin|s390x|\/\./.test(name)), []);
    for (const isolation of ['process', 'sandbox', 'shared']) {
      const options = { libraries: { walls: layer.walls, arguments: [] }, isolation, sourceMap, limits: { entry: 'main.ts' } };
      await using sandbox = await Sandbox.with(javaScript, options);
      const { result } = await sandbox.run();
      assert.deepEqual(result.value, [
        'pure', 'its own', 'data', '/libraries/node_modules/own/index.js', 'mjs', 'from a library', true, '1.0.0', 'cjs',
        'above from a library',
      ], JSON.stringify(result));
    }
  });

  test('needs no layer where nothing of it is imported', async () => {
    const main = { 'main.js': "import pure from 'npm:pure'; export default () => pure" };
    const { needsLayer, javaScript } = await built(main, { dependencies: ['own'] });
    assert.equal(needsLayer, false);
    assert.match(javaScript, /faas\.pause/);
  });

  test('that cannot be loaded gives the error of node', async () => {
    registry.publish('broken', '1.0.0', { 'index.js': "module.exports = require('./a.node')", 'a.node': 'no program' });
    const { javaScript, lock } = await built({ 'main.js': "import broken from 'npm:broken'; export default () => broken" });
    using layer = await layerOf(lock, registry.url);
    await using sandbox = await Sandbox.with(javaScript, { libraries: { walls: layer.walls, arguments: [] } });
    const { result } = await sandbox.run();
    assert.match(JSON.stringify(result), /a\.node: (?:invalid ELF header|file too short).*ERR_DLOPEN_FAILED/);
  });
});

describe('A layer', () => {
  test('is the same for the same lock, and knows names that are long or not ASCII', async () => {
    const long = `${'folder/'.repeat(20)}ü.js`;
    registry.publish('long', '1.0.0', { 'index.js': 'module.exports = 1', 'a.node': 'x', [long]: '' });
    const { lock } = await built({ 'main.js': "import l from 'npm:long'; export default () => l" });
    using layer = await layerOf(lock, registry.url);
    using again = await layerOf(lock, registry.url);
    assert.deepEqual(again.names, layer.names);
    assert.equal(layer.names.length, 4);
    assert.equal(layer.names.filter((name) => name.includes('folder/folder')).length, 1);
  });

  test('has no link, and nothing of a package beside its folder', async () => {
    const tarballOf = (make, pack) => {
      const folder = mkdtempSync(`${tmpdir()}/faas-tarball-`);
      try {
        const begin = "mkdir package; echo '{}' > package/package.json; echo > package/index.js";
        execFileSync('sh', ['-ec', `${begin}; ${make}; tar -czf p.tgz ${pack}`], { cwd: folder });
        return readFileSync(`${folder}/p.tgz`);
      } finally {
        rmSync(folder, { recursive: true });
      }
    };
    const main = { 'main.js': "import h from 'npm:hostile'; import 'npm:pure'; export default () => h" };
    for (const tarball of [
      tarballOf('ln -s /etc/passwd package/a.node; echo x > package/b.node', 'package'),
      tarballOf('mknod package/a.node p; echo x > package/b.node', 'package'),
    ]) {
      registry.publish('hostile', '1.0.0', {}, { tarball });
      using layer = await layerOf((await built(main)).lock, registry.url);
      assert.deepEqual(layer.names, ['hostile/b.node', 'hostile/index.js', 'hostile/package.json', 'pure/index.js', 'pure/package.json']
        .map((name) => `node_modules/${name}`));
    }
    const name = 'package/../../pure/evil.node';
    const tarball = tarballOf('echo x > a.node', `-P --transform 's,^a.node$,${name},' package a.node`);
    registry.publish('hostile', '1.0.0', {}, { tarball });
    assert.match((await bundleWith(main, registry.url)).refused, /package\/\.\.\/\.\.\/pure\/evil\.node/);
  });

  test('is whole or is not: what is optional is no less part of it', async () => {
    registry.publish('lost', '1.0.0', { 'a.node': 'x' });
    registry.publish('loser', '1.0.0', { 'index.js': 'module.exports = 1' }, { optionalDependencies: { lost: '*', 'never-there': '*' } });
    const main = { 'main.js': "import l from 'npm:loser'; export default () => l" };
    const { lock } = await built(main);
    for (const lose of [() => registry.replace('lost', '1.0.0', { 'a.node': 'evil' }), () => registry.lose('lost', '1.0.0')]) {
      lose();
      using layer = await layerOf(lock, registry.url);
      assert.match(layer.answer.refused, /lost@1\.0\.0 could not be had/);
      assert.match((await bundleWith(main, registry.url, { lock })).refused, /lost@1\.0\.0 could not be had/);
    }
  });

  test('above the limits is refused, and so is a lock that leads elsewhere or is none', async () => {
    const { lock } = await built({ 'main.js': "import { word } from 'npm:own'; export default () => word" });
    for (const [words, text, limits] of [
      [/The libraries have \d+ files and folders; faas\.libraries\.max-files allows 3/, lock, { maxFiles: 3 }],
      [/The libraries have \d+ bytes; faas\.libraries\.max-size allows 100/, lock, { maxBytes: 100 }],
      [/own@1\.0\.0 is none of the registry's/, lock.replace(/resolution: .*/, 'resolution: {directory: /usr, type: directory}')],
      [/the lock has "file:\/usr" for own/, lock.replace(/specifier: .*/, 'specifier: file:/usr')],
      [/The lock is none of pnpm/, 'lockfileVersion: 9'],
      [/OUTDATED|frozen|own@1\.0\.0/i, lock.replace(/specifier: .*/, 'specifier: ^2')],
    ]) {
      using layer = await layerOf(text, registry.url, limits);
      assert.match(layer.answer.refused ?? '', words, JSON.stringify(layer.answer));
    }
  });
});
