// Runs bundle.mjs and layer.mjs as process 1 of a real bubblewrap sandbox, with esbuild and pnpm beside it, as the server does.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PATIENCE } from './conversation.mjs';
import { nodeFlags, usrLinks } from './sandbox.mjs';

const runtimes = fileURLToPath(new URL('../../../runtimes', import.meta.url));
const commandLine = (file) => [
  '--unshare-user', '--unshare-ipc', '--unshare-pid', '--unshare-uts', '--unshare-cgroup-try',
  '--as-pid-1', '--die-with-parent', '--clearenv', '--ro-bind', '/usr', '/usr', ...usrLinks,
  '--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp',
  '--ro-bind', process.execPath, '/runtime/node', '--ro-bind', `${runtimes}/node`, '/runtime/node-files',
  '--ro-bind', `${runtimes}/node_modules/esbuild/lib`, '/faas-esbuild/lib',
  '--ro-bind', `${runtimes}/node_modules/@esbuild/linux-${process.arch}/bin/esbuild`, '/faas-esbuild/esbuild',
  '--ro-bind', `${runtimes}/node_modules/@pnpm/exe.linux-${process.arch}/pnpm`, '/faas-pnpm', '--remount-ro', '/',
  '--chdir', '/tmp', '--', '/runtime/node', ...nodeFlags, `/runtime/node-files/${file}.mjs`,
];

/** The answer to a question with these files, texts by their names; the first one is the entry. */
export function bundle(files) {
  const sent = Object.entries(files).map(([name, text]) => ({ name, text }));
  const question = JSON.stringify({ entry: sent[0].name, entryText: null, files: sent });
  const options = { input: `${question}\n`, timeout: PATIENCE, encoding: 'utf8' };
  const { status, stdout, stderr } = spawnSync('bwrap', ['--unshare-net', ...commandLine('bundle')], options);
  if (status !== 0) throw new Error(`bundle.mjs ended (${status}): ${stderr}`);
  return answerIn(stdout);
}

/**
 * The same with libraries from a registry on the test's own loopback. `asked` may have `dependencies`, which the upload names, and `lock`.
 */
export async function bundleWith(files, registry, { dependencies = [], lock = null } = {}) {
  const sent = Object.entries(files).map(([name, text]) => ({ name, text }));
  const question = { entry: sent[0].name, entryText: null, files: sent, libraries: { dependencies, lock, registry } };
  return answerIn((await outputOf('bundle', question)).toString());
}

/** A layer that layer.mjs builds from a lock: `{answer}`, and if it is built, `names`, and `walls`, which show it in a sandbox. */
export async function layerOf(lock, registry, { maxFiles = 1000, maxBytes = 1 << 20 } = {}) {
  const output = await outputOf('layer', { lock, index: registry, maxFiles, maxBytes });
  let end = 0, answer;
  do {
    const start = end;
    end = output.indexOf('\n', start) + 1;
    answer = JSON.parse(output.subarray(start, end));
  } while (answer.built === undefined && answer.refused === undefined);
  if (answer.built === undefined) return { answer, [Symbol.dispose]() {} };
  const folder = mkdtempSync(join(tmpdir(), 'faas-layer-'));
  chmodSync(folder, 0o755);
  const listed = execFileSync('tar', ['-C', folder, '-xvf', '-'], { input: output.subarray(end), encoding: 'utf8' });
  const names = listed.trimEnd().split('\n');
  return { answer, names, walls: ['--ro-bind', folder, '/libraries'], [Symbol.dispose]: () => rmSync(folder, { recursive: true }) };
}

async function outputOf(file, question) {
  const child = spawn('bwrap', commandLine(file), { stdio: ['pipe', 'pipe', 'inherit'], timeout: PATIENCE });
  child.stdin.end(`${JSON.stringify(question)}\n`);
  return Buffer.concat(await child.stdout.toArray());
}

const answerIn = (output) =>
  output.trimEnd().split('\n').map((line) => JSON.parse(line)).find(({ ready, log }) => ready === undefined && log === undefined);
