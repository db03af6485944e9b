// Runs the zygote as process 1 of a real bubblewrap sandbox.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync, existsSync, mkdtempSync, openSync, readFileSync, readdirSync, readlinkSync, rmSync, writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Conversation, PATIENCE } from './conversation.mjs';
import { dontForkIsNothing } from './seccomp.mjs';

const runtime = fileURLToPath(new URL('../../../runtimes/node', import.meta.url));
const UNPRIVILEGED = '4210001';
export const nodeFlags = ['--no-warnings', '--experimental-ffi', '--v8-pool-size=0', '--single-threaded', '--disable-sigusr1'];
export const usrLinks = ['bin', 'sbin', 'lib', 'lib64'].filter((name) => existsSync(`/${name}`))
  .flatMap((name) => ['--symlink', `usr/${name}`, `/${name}`]);

// `emptying`: the zygote's time limit for restoring the folders, in milliseconds. It is long, so that a busy machine does not
// matter, except in tests of the limit itself.
// `libraries`: see libraries.mjs.
function commandLine({ extra = [], flags = [], emptying = PATIENCE, libraries }) {
  const asNobody = process.getuid() === 0
    ? ['setpriv', '--reuid', UNPRIVILEGED, '--regid', UNPRIVILEGED, '--clear-groups', '--no-new-privs', '--']
    : [];
  return [
    ...asNobody, 'bwrap', '--unshare-all', '--as-pid-1', '--die-with-parent', '--clearenv', '--setenv', 'PATH', '/usr/bin:/bin',
    '--setenv', 'HOME', '/tmp', '--ro-bind', '/usr', '/usr', ...usrLinks, '--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp',
    '--ro-bind', process.execPath, '/runtime/node', '--ro-bind', runtime, '/runtime/zygote',
    ...(libraries?.walls ?? []), '--remount-ro', '/', '--chdir', '/tmp', '--seccomp', '3', ...extra, '--',
    '/runtime/node', ...nodeFlags, ...flags, '/runtime/zygote/zygote.mjs', `${emptying}`,
    ...(libraries?.arguments ?? []),
  ];
}

/** The pids of the processes that a process has forked and not yet reaped. */
export const childrenOf = (pid) => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);

/** The targets of a process's descriptors. Ignores a descriptor that the process closes meanwhile, as when a child ends. */
export function descriptorsOf(pid) {
  return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/${pid}/fd/${fd}`)];
    } catch (error) {
      if (error.code === 'ENOENT') return [];
      throw error;
    }
  });
}

/** A running zygote. */
export class Sandbox extends Conversation {
  #process;
  stderr = '';

  constructor(options = {}) {
    super();
    const folder = mkdtempSync(join(tmpdir(), 'faas-node-'));
    const filter = join(folder, 'filter');
    writeFileSync(filter, options.filter ?? dontForkIsNothing());
    const descriptor = openSync(filter);
    rmSync(folder, { recursive: true });
    const [command, ...args] = commandLine(options);
    this.#process = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe', descriptor] });
    closeSync(descriptor);
    this.exited = once(this.#process, 'close').then(([code, signal]) => ({ code, signal }));
    this.#process.stderr.on('data', (bytes) => { this.stderr += bytes; });
    this.connect(this.#process.stdin, this.#process.stdout);
  }

  /** Starts a zygote and binds it to a script. */
  static async with(source, { filename, sourceMap, isolation, concurrency, handler, limits, out, ...options } = {}) {
    const sandbox = new Sandbox(options);
    sandbox.ready = JSON.parse((await sandbox.next()).payload);
    sandbox.bind(source, { filename, sourceMap, isolation, concurrency, handler, limits, out });
    return sandbox;
  }

  /** Starts a zygote, and waits until a child of it waits for an order. */
  static async ahead() {
    const sandbox = new Sandbox();
    await sandbox.next();
    await sandbox.#untilOneWaits();
    return sandbox;
  }

  get pid() {
    return this.#process.pid;
  }

  /** The zygote's pid outside the sandbox: the only child of bwrap. */
  get zygotePid() {
    return childrenOf(this.pid)[0];
  }

  /** The pids of the zygote's children, as seen outside the sandbox. */
  childrenOfZygote() {
    return childrenOf(this.zygotePid);
  }

  async #untilOneWaits() {
    for (const begun = Date.now(); ;) {
      if (this.childrenOfZygote().some((pid) => readFileSync(`/proc/${pid}/comm`, 'utf8') === 'faas-waiting\n')) return;
      if (Date.now() - begun > PATIENCE) throw new Error(`no process waits: ${this.stderr}`);
      await new Promise((resolve) => { setTimeout(resolve, 5); });
    }
  }

  kill() {
    this.#process.kill('SIGKILL');
  }

  async whyEnded() {
    const { code, signal } = await this.exited;
    return `the zygote ended (${code ?? signal}): ${this.stderr}`;
  }

  /** Kills the sandbox, in any state. */
  async close() {
    this.kill();
    await this.exited;
  }

  async [Symbol.asyncDispose]() {
    await this.close();
  }
}

/** What a fresh /tmp holds: the script itself, as `__filename` says. */
export const FRESH_TMP = ['script.js'];

/**
 * Runs a script once in a sandbox of its own. `start` says what the sandbox has done before: it is `warm` if it compiles the
 * script before it forks, `spare` if a child waits for any script, `cold` if the script has come before it had such a child.
 */
export async function run(source, input, { start = 'warm', isolation = start === 'warm' ? 'process' : 'sandbox', ...options } = {}) {
  if (start !== 'spare') {
    await using sandbox = await Sandbox.with(source, { ...options, isolation });
    return await sandbox.run(input);
  }
  await using sandbox = await Sandbox.ahead();
  sandbox.bind(source, { ...options, isolation });
  return await sandbox.run(input);
}
