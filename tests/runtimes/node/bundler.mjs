// Runs bundle.mjs as process 1 of a real bubblewrap sandbox, with esbuild beside it, as the server does.
import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { PATIENCE } from './conversation.mjs';
import { nodeFlags, usrLinks } from './sandbox.mjs';

const runtimes = fileURLToPath(new URL('../../../runtimes', import.meta.url));
const commandLine = [
  '--unshare-user', '--unshare-ipc', '--unshare-pid', '--unshare-uts', '--unshare-cgroup-try',
  '--as-pid-1', '--die-with-parent', '--clearenv', '--ro-bind', '/usr', '/usr', ...usrLinks,
  '--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp',
  '--ro-bind', process.execPath, '/runtime/node', '--ro-bind', `${runtimes}/node`, '/runtime/node-files',
  '--ro-bind', `${runtimes}/node_modules/esbuild/lib`, '/faas-esbuild/lib',
  '--ro-bind', `${runtimes}/node_modules/@esbuild/linux-${process.arch}/bin/esbuild`, '/faas-esbuild/esbuild',
  '--ro-bind', `${runtimes}/node_modules/@pnpm/exe.linux-${process.arch}/pnpm`, '/faas-pnpm', '--remount-ro', '/',
  '--chdir', '/tmp', '--', '/runtime/node', ...nodeFlags, '/runtime/node-files/bundle.mjs',
];

/** The answer to a question with these files, texts by their names; the first one is the entry. */
export function bundle(files) {
  const sent = Object.entries(files).map(([name, text]) => ({ name, text }));
  const question = JSON.stringify({ entry: sent[0].name, entryText: null, files: sent });
  const options = { input: `${question}\n`, timeout: PATIENCE, encoding: 'utf8' };
  const { status, stdout, stderr } = spawnSync('bwrap', ['--unshare-net', ...commandLine], options);
  if (status !== 0) throw new Error(`bundle.mjs ended (${status}): ${stderr}`);
  return answerIn(stdout);
}

/**
 * The same with libraries from a registry on the test's own loopback. `asked` may have `dependencies`, which the upload names, and `lock`.
 */
export async function bundleWith(files, registry, { dependencies = [], lock = null } = {}) {
  const sent = Object.entries(files).map(([name, text]) => ({ name, text }));
  const question = { entry: sent[0].name, entryText: null, files: sent, libraries: { dependencies, lock, registry } };
  const child = spawn('bwrap', commandLine, { stdio: ['pipe', 'pipe', 'inherit'], timeout: PATIENCE });
  child.stdin.end(`${JSON.stringify(question)}\n`);
  const output = (await child.stdout.toArray()).join('');
  return answerIn(output);
}

const answerIn = (output) =>
  output.trimEnd().split('\n').map((line) => JSON.parse(line)).find(({ ready, log }) => ready === undefined && log === undefined);
