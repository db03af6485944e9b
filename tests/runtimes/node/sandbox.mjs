// Runs the zygote as process 1 of a real bubblewrap sandbox.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FrameSplitter, frame, parseResult, types } from './frames.mjs';
import { dontForkIsNothing } from './seccomp.mjs';

const runtime = fileURLToPath(new URL('../../../runtimes/node', import.meta.url));
const PATIENCE = 20_000; // milliseconds without a frame after which a test has failed
const UNPRIVILEGED = '4210001';
const nodeFlags = ['--no-warnings', '--experimental-ffi', '--v8-pool-size=0', '--single-threaded', '--disable-sigusr1'];
const usrLinks = ['bin', 'sbin', 'lib', 'lib64'].filter((name) => existsSync(`/${name}`))
  .flatMap((name) => ['--symlink', `usr/${name}`, `/${name}`]);

// `emptying`: the zygote's time limit for restoring the folders, in milliseconds. It is long, so that a busy machine does not
// matter, except in tests of the limit itself.
function commandLine({ extra = [], flags = [], emptying = PATIENCE }) {
  const asNobody = process.getuid() === 0
    ? ['setpriv', '--reuid', UNPRIVILEGED, '--regid', UNPRIVILEGED, '--clear-groups', '--no-new-privs', '--']
    : [];
  return [
    ...asNobody, 'bwrap', '--unshare-all', '--as-pid-1', '--die-with-parent', '--clearenv', '--setenv', 'PATH', '/usr/bin:/bin',
    '--setenv', 'HOME', '/tmp', '--ro-bind', '/usr', '/usr', ...usrLinks, '--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp',
    '--ro-bind', process.execPath, '/runtime/node', '--ro-bind', runtime, '/runtime/zygote', '--remount-ro', '/',
    '--chdir', '/tmp', '--seccomp', '3', ...extra, '--',
    '/runtime/node', ...nodeFlags, ...flags, '/runtime/zygote/zygote.mjs', `${emptying}`,
  ];
}

/** The pids of the processes that a process has forked and not yet reaped. */
const childrenOf = (pid) => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);

/** A running zygote. `run` and `check` settle when END has come. */
export class Sandbox {
  #process;
  #splitter = new FrameSplitter();
  #frames = [];
  #wake = null;
  stderr = '';

  constructor(options = {}) {
    const folder = mkdtempSync(join(tmpdir(), 'faas-node-'));
    const filter = join(folder, 'filter');
    writeFileSync(filter, options.filter ?? dontForkIsNothing());
    const descriptor = openSync(filter);
    rmSync(folder, { recursive: true });
    const [command, ...args] = commandLine(options);
    this.#process = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe', descriptor] });
    closeSync(descriptor);
    this.exited = once(this.#process, 'close').then(([code, signal]) => ({ code, signal }));
    this.#process.stdin.on('error', () => {});
    this.#process.stderr.on('data', (bytes) => { this.stderr += bytes; });
    this.#process.stdout.on('data', (bytes) => {
      for (const read of this.#splitter.push(bytes)) this.#frames.push(read);
      this.#wake?.();
    });
    this.#process.stdout.on('close', () => this.#wake?.());
  }

  /** Starts a zygote and binds it to a script. */
  static async with(source, { filename, sourceMap, isolation, ...options } = {}) {
    const sandbox = new Sandbox(options);
    sandbox.ready = JSON.parse((await sandbox.next()).payload);
    sandbox.bind(source, { filename, sourceMap, isolation });
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

  bind(source, { filename = 'script.js', sourceMap = null, isolation } = {}) {
    this.send(types.program, JSON.stringify({ filename, source, sourceMap, isolation }));
  }

  send(type, payload) {
    this.sendBytes(frame(type, payload));
  }

  sendBytes(bytes) {
    this.#process.stdin.write(bytes);
  }

  endInput() {
    this.#process.stdin.end();
  }

  pauseReading() {
    this.#process.stdout.pause();
  }

  resumeReading() {
    this.#process.stdout.resume();
  }

  /** The next frame. Throws when the zygote has closed its output. */
  async next() {
    const deadline = setTimeout(() => this.#process.kill('SIGKILL'), PATIENCE);
    try {
      return await this.#next();
    } finally {
      clearTimeout(deadline);
    }
  }

  async #next() {
    while (this.#frames.length === 0) {
      if (this.#process.stdout.destroyed || this.#process.stdout.readableEnded) {
        const { code, signal } = await this.exited;
        throw new Error(`the zygote ended (${code ?? signal}): ${this.stderr}`);
      }
      await new Promise((resolve) => { this.#wake = resolve; });
      this.#wake = null;
    }
    return this.#frames.shift();
  }

  run(input = {}) {
    this.send(types.run, JSON.stringify(input));
    return this.outcome();
  }

  check() {
    this.send(types.check);
    return this.outcome();
  }

  /** Everything up to the next END. */
  async outcome() {
    const parts = { [types.stdout]: [], [types.stderr]: [], [types.result]: [] };
    for (;;) {
      const { type, payload } = await this.next();
      if (type !== types.end) {
        parts[type].push(payload);
        continue;
      }
      const [stdout, stderr] = [types.stdout, types.stderr].map((stream) => Buffer.concat(parts[stream]).toString());
      const resultBytes = Buffer.concat(parts[types.result]);
      return { stdout, stderr, resultBytes, result: parseResult(resultBytes), end: JSON.parse(payload) };
    }
  }

  /** Kills the sandbox, in any state. */
  async close() {
    this.#process.kill('SIGKILL');
    await this.exited;
  }

  async [Symbol.asyncDispose]() {
    await this.close();
  }
}

/** Runs a script once in a sandbox of its own. */
export async function run(source, input, options) {
  await using sandbox = await Sandbox.with(source, options);
  return await sandbox.run(input);
}
