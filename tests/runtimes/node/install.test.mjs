// Libraries of npm: what a tree declares, what is installed and locked, and what is refused.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { after, before, describe, test } from 'node:test';
import { bundle, bundleWith } from './bundler.mjs';
import { reasons } from '../../../runtimes/node/bundle/install.mjs';
import { startRegistry } from './registry.mjs';
import { run } from './sandbox.mjs';

let registry;
before(async () => { registry = await startRegistry(); });
after(() => registry.close());

const built = async (files, asked) => {
  const answer = await bundleWith(files, registry.url, asked);
  assert.deepEqual([answer.refused, answer.failure, answer.errors], [undefined, undefined, []], JSON.stringify(answer));
  return answer;
};

/** The tarball of what a command of the shell leaves in a folder. */
const shell = (command, packed = 'package') => {
  const folder = mkdtempSync(`${tmpdir()}/faas-tarball-`);
  try {
    execFileSync('sh', ['-ec', `${command}; tar -czf p.tgz ${packed}`], { cwd: folder });
    return readFileSync(`${folder}/p.tgz`);
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const value = async (files, asked) => {
  const { javaScript, sourceMap } = await built(files, asked);
  const { result } = await run(javaScript, {}, { sourceMap, limits: { entry: Object.keys(files)[0] } });
  assert.equal(result.kind, 'V', JSON.stringify(result));
  return result.value;
};

const refusal = async (files, asked) => {
  const answer = await bundleWith(files, registry.url, asked);
  assert.equal(typeof answer.refused, 'string', JSON.stringify(answer));
  return answer.refused;
};

describe('What is declared', () => {
  test('By npm: in an import, in package.json, and in the upload; with paths, scopes and needs of their own', async () => {
    registry.publish('alpha', '1.0.0', { 'index.js': "module.exports = 'alpha 1'", 'sub/part.js': "module.exports = require('beta') + '!'" },
      { dependencies: { beta: '^1.0.0' } });
    registry.publish('alpha', '2.0.0', { 'index.js': "module.exports = 'alpha 2'" });
    registry.publish('beta', '1.5.0', { 'index.mjs': "export default 'beta'", 'index.js': "module.exports = 'beta'" },
      { exports: { import: './index.mjs', require: './index.js' } });
    registry.publish('@acme/tool', '0.1.0', { 'index.js': "export const tool = 'tool'" }, { type: 'module' });
    assert.deepEqual(await value({
      'main.ts': `
        import alpha from 'npm:alpha@1'; import part from 'npm:alpha@1/sub/part.js'; import { tool } from '@acme/tool';
        import { b } from './b';
        export default (): string[] => [alpha, part, tool, b]`,
      'b.js': "import beta from 'beta'; export const b = beta",
      'package.json': '{"dependencies": {"@acme/tool": "^0.1.0"}, "devDependencies": {"no-such": "1"}, "scripts": {"install": "exit 1"}}',
    }, { dependencies: ['beta'] }), ['alpha 1', 'beta!', 'tool', 'beta']);
  });

  test('What is not declared is not found, though a library needs it', async () => {
    registry.publish('gamma', '1.0.0', { 'index.js': "module.exports = require('delta')" }, { dependencies: { delta: '*' } });
    registry.publish('delta', '1.0.0', { 'index.js': 'module.exports = 1' });
    const { errors } = await bundleWith({ 'main.js': "import g from 'npm:gamma'; import d from 'delta'; export default () => g + d" }, registry.url);
    assert.match(errors[0].text, /"delta" is neither a module of node nor .*, and no library of this name is declared/);
  });

  test('A library may do without what it requires in a try, and may have the name of a module of node', async () => {
    registry.publish('optional', '1.0.0', { 'index.js': "let x = 'none'; try { x = require('absent') } catch {} module.exports = x" });
    registry.publish('punycode', '2.0.0', { 'index.js': "module.exports = 'ours'" });
    assert.deepEqual(await value({ 'main.js': "import o from 'npm:optional'; import p from 'npm:punycode@2'; export default () => [o, p]" }),
      ['none', 'ours']);
  });

  test('What is no declaration is refused by name', async () => {
    const main = { 'main.js': 'return 1' };
    for (const [words, files, asked] of [
      [/"npm:" names no library/, { 'main.js': "import 'npm:'" }],
      [/"npm:..\/up" names no library/, { 'main.js': "import 'npm:../up'" }],
      [/alpha is declared twice: 1 by the import "npm:alpha@1", 2 by the import/, { 'main.js': "import 'npm:alpha@1'; import 'npm:alpha@2'" }],
      [/"git\+ssh:\/\/x" for alpha; only versions of the registry/, main, { dependencies: ['alpha@git+ssh://x'] }],
      [/".." for alpha; only versions/, main, { dependencies: ['alpha@..'] }],
      [/"file:..\/x" for alpha/, main, { dependencies: ['alpha@file:../x'] }],
      [/"..\/x", which is no name of a package/, main, { dependencies: ['../x@1'] }],
      [/package.json is not JSON/, { ...main, 'package.json': '{' }],
      [/"dependencies" in package.json must be an object/, { ...main, 'package.json': '{"dependencies": ["alpha"]}' }],
    ]) {
      assert.match(await refusal(files, asked), words);
    }
  });
});

describe('What is locked', () => {
  const main = { 'main.js': "import v from 'npm:locked'; export default () => v" };

  test('A lock gives the same bundle again, though newer versions are there', async () => {
    registry.publish('locked', '1.0.0', { 'index.js': 'module.exports = 1' });
    const first = await built(main);
    registry.publish('locked', '2.0.0', { 'index.js': 'module.exports = 2' });
    assert.deepEqual(await built(main, { lock: first.lock }), first);
    assert.match((await built(main)).lock, /locked@2\.0\.0/);
  });

  test('A tarball with other content than was locked is refused', async () => {
    const { lock } = await built(main);
    registry.replace('locked', '2.0.0', { 'package.json': '{"name": "locked", "version": "2.0.0"}', 'index.js': 'module.exports = "evil"' });
    assert.match(await refusal(main, { lock }), /integrity|INTEGRITY/);
  });
});

describe('What is refused', () => {
  test('A library that is not there, in the words of the installer', async () => {
    assert.match(await refusal({ 'main.js': "import 'npm:no-such-library'" }), /no-such-library.*404/s);
  });

  test('Scripts of packages do not run', async () => {
    const ran = "echo 'module.exports = true' > index.js";
    registry.publish('scripted', '1.0.0', { 'index.js': 'module.exports = false', 'binding.gyp': '{}' },
      { scripts: { preinstall: ran, install: ran, postinstall: ran, prepare: ran, prepublish: ran } });
    assert.equal(await value({ 'main.js': "import ran from 'npm:scripted'; export default () => ran" }), false);
  });

  test('What a library requires by an address or from a folder is refused', async () => {
    const main = { 'main.js': "import * as all from 'npm:leads-away'; export default () => all" };
    const [folder, own] = ['/runtime/node-files', /(elsewhere|node-files).* is none of the registry's/];
    for (const [elsewhere, words] of [
      [`file:${folder}`, own], [`file:../..${folder}`, own], [`link:${folder}`, own],
      [`${registry.url}-/elsewhere.tgz`, /404/], ['git+file:///usr', /registry alone: not from git/],
      ['http://127.0.0.2:1/a.tgz', /registry alone/],
    ]) {
      const files = { 'index.js': "export * from 'elsewhere/bundle/unused.mjs'" };
      registry.publish('leads-away', '1.0.0', files, { dependencies: { elsewhere } });
      assert.match(await refusal(main), words, elsewhere);
    }
  });

  test('What has no room, and what is not of the registry, is told by the setting and the rule', () => {
    const room = /^Half of faas\.libraries\.build\.memory is the room/, rule = /^Libraries come from the registry alone/;
    for (const [line, words] of [
      ['ENOSPC: no space left on device, write', room],
      ['failed to write: No space left on device (os error 28)', room],
      ['Command failed: git ls-remote https://x.test/a.git HEAD', rule],
      ['GET https://x.test/a.tgz: Not Found', rule],
      ['GET http://127.0.0.1:3128/npm/a: Not Found - 404', /^$/],
      ['See https://pnpm.io/errors', /^$/],
    ]) assert.match([...reasons([line])].join('\n'), words, line);
  });

  test('A lock that leads away from the registry is refused', async () => {
    registry.publish('locked-away', '1.0.0', { 'index.js': 'module.exports = 1' });
    const main = { 'main.js': "import v from 'npm:locked-away'; export default () => v" };
    const { lock } = await built(main);
    const directory = '{directory: /runtime/node-files, type: directory}';
    for (const resolution of [directory, `{integrity: sha512-AA==, tarball: ${registry.url}x.tgz}`, '']) {
      const tampered = lock.replace(/resolution: .*/, `resolution: ${resolution}`);
      assert.match(await refusal(main, { lock: tampered }), /locked-away@1.0.0 is none of the registry's/);
    }
  });

  // The file is one that each sandbox has. A link to one that is missing would prove nothing.
  test('A link in a tarball brings no file of the sandbox into a bundle', async () => {
    const file = '/runtime/node-files/bundle/unused.mjs';
    for (const link of [`ln -s ${file} package/there.mjs`, 'ln -s / package/root']) {
      const from = link.endsWith('/root') ? `./root${file}` : './there.mjs';
      const tarball = shell(`mkdir package; ${link}; echo "{}" > package/package.json; echo "export * from '${from}'" > package/index.js`);
      registry.publish('linked', '1.0.0', {}, { tarball });
      const answer = await bundleWith({ 'main.js': "import * as t from 'npm:linked'; export default () => t" }, registry.url);
      assert.equal(answer.javaScript, undefined, JSON.stringify(answer));
      assert.match(answer.refused ?? answer.errors[0].text, /linked|Could not resolve/);
    }
  });

  test('A tarball changes no file of another package', async () => {
    registry.publish('victim', '1.0.0', { 'index.js': "module.exports = 'victim'" });
    const needs = '{"name": "climbing", "version": "1.0.0", "dependencies": {"victim": "1.0.0"}}';
    const files = "echo 'module.exports = 1' > package/index.js; echo 'module.exports = \"evil\"' > victim.js";
    for (const name of ['package/../victim/index.js', '../victim/index.js', '/tmp/libraries/node_modules/victim/index.js']) {
      const tarball = shell(
        `mkdir package; ${files}; echo '${needs}' > package/package.json`,
        `-P --transform 's,^victim.js$,${name},' package/index.js package/package.json victim.js`);
      registry.publish('climbing', '1.0.0', {}, { tarball, dependencies: { victim: '1.0.0' } });
      const main = { 'main.js': "import 'npm:climbing'; import v from 'npm:victim'; export default () => v" };
      const answer = await bundleWith(main, registry.url);
      if (answer.refused === undefined) assert.equal(await value(main), 'victim', name);
    }
  });

  test('Without a registry nothing is looked for', () => {
    assert.match(bundle({ 'main.js': "import 'npm:alpha'" }).errors[0].text, /"npm:alpha" is neither/);
  });
});

