// Runs the mother as process 1 of a real bubblewrap sandbox, and stands in for the server that gives her orders.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Conversation, PATIENCE } from './conversation.mjs';
import { childrenOf, nodeFlags, usrLinks } from './sandbox.mjs';
import { dontForkIsNothing } from './seccomp.mjs';
import { callsBefore, callsOfChild } from './walls.mjs';

const runtime = fileURLToPath(new URL('../../../runtimes/node', import.meta.url));
const isRoot = process.getuid() === 0;
const FIRST_USER = isRoot ? 4_220_000 : process.getuid(); // the mother; the users of her children follow
const SLOTS = 16;
const NEWLINE = 0x0a;
const [FILTER_FD, INFO_FD, MAPPED_FD] = [3, 4, 5];

function commandLine(folder, libraries) {
  const asNobody = ['setpriv', '--reuid', FIRST_USER, '--regid', FIRST_USER, '--clear-groups', '--no-new-privs', '--inh-caps=-all',
    '--bounding-set=-all', '--'];
  const waitsForMap = ['--info-fd', INFO_FD, '--userns-block-fd', MAPPED_FD];
  return [
    ...(isRoot ? asNobody : []), 'bwrap', '--unshare-all', '--unshare-user', '--uid', 0, '--gid', 0,
    ...['SYS_ADMIN', 'SETUID', 'SETGID', 'SETFCAP'].flatMap((name) => ['--cap-add', `CAP_${name}`]),
    ...(isRoot ? waitsForMap : []), '--as-pid-1', '--die-with-parent', '--clearenv', '--setenv', 'PATH', '/usr/bin:/bin',
    '--setenv', 'HOME', '/tmp', '--ro-bind', '/usr', '/usr', ...usrLinks, '--proc', '/proc', '--dev', '/dev', '--tmpfs', '/dev/shm',
    '--bind', folder, '/tmp', '--ro-bind', process.execPath, '/runtime/node', '--ro-bind', runtime, '/runtime/zygote',
    ...(libraries?.walls ?? []), '--remount-ro', '/', '--chdir', '/tmp', '--seccomp', FILTER_FD, '--',
    '/runtime/node', ...nodeFlags, '/runtime/zygote/mother.mjs', PATIENCE, ...(libraries?.arguments ?? []),
  ].map(String);
}

/** A child of the mother, which speaks with the server as a zygote does. */
class MotherSandbox extends Conversation {
  #out;
  stderr = '';

  constructor(token, pid, out, err) {
    super();
    this.token = token;
    this.pid = pid;
    this.#out = out;
    this.errClosed = err.closed;
    err.socket.on('data', (bytes) => { this.stderr += bytes; });
    this.connect(out.socket, out.socket);
  }

  /** Tells the child that it is in its cgroups. */
  letGo() {
    this.sendBytes('\n');
  }

  kill() {
    this.#out.socket.destroy();
  }

  async whyEnded() {
    await this.errClosed;
    return `the zygote ended: ${this.stderr}`;
  }
}

/** Where children connect. */
class MeetingPlace {
  #server = createServer((socket) => this.#welcome(socket));
  #met = new Map();

  async listen(path) {
    this.#server.listen(path);
    await once(this.#server, 'listening');
  }

  #welcome(socket) {
    let head = '';
    const closed = new Promise((resolve) => { socket.on('close', resolve); });
    socket.on('error', () => {});
    const read = () => {
      for (let byte = socket.read(1); byte !== null; byte = socket.read(1)) {
        if (byte[0] !== NEWLINE) {
          head += byte.toString();
          continue;
        }
        socket.off('readable', read);
        this.met(head).resolve({ socket, closed });
        return;
      }
    };
    socket.on('readable', read);
  }

  /** `line` is the first one of a connection. */
  met(line) {
    if (!this.#met.has(line)) this.#met.set(line, Promise.withResolvers());
    return this.#met.get(line);
  }

  close() {
    this.#server.close();
  }
}

/** A running mother. */
export class Mother {
  #folder = mkdtempSync(join(tmpdir(), 'faas-mother-'));
  #meetingPlace = new MeetingPlace();
  #process;
  #replies;
  #forks = 0;
  stderr = '';

  /**
   * Starts her. `listens`: whether there is a server to connect to. `silent`: whether the first line is left out. `walls`: the
   * filter of her own walls. `libraries`: see libraries.mjs. `settings` replace parts of the first line.
   */
  static async start({ listens = true, silent = false, walls = dontForkIsNothing(), libraries, ...settings } = {}) {
    const mother = new Mother();
    const socket = join(mother.#folder, 'server');
    if (listens) await mother.#meetingPlace.listen(socket);
    if (isRoot) for (const path of listens ? [mother.#folder, socket] : [mother.#folder]) chownSync(path, FIRST_USER, FIRST_USER);
    await mother.#spawn(walls, libraries);
    if (silent) return mother;
    const filter = dontForkIsNothing().toString('base64');
    mother.send({ socket: '/tmp/server', before: callsBefore(), child: callsOfChild(), filter, ...settings });
    return mother;
  }

  async #spawn(walls, libraries) {
    const filter = join(this.#folder, 'filter');
    writeFileSync(filter, walls);
    const descriptor = openSync(filter);
    rmSync(filter);
    const [command, ...args] = commandLine(this.#folder, libraries);
    this.#process = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe', descriptor, 'pipe', 'pipe'] });
    closeSync(descriptor);
    this.#process.stdin.on('error', () => {});
    this.#process.stderr.on('data', (bytes) => { this.stderr += bytes; });
    this.exited = once(this.#process, 'close').then(([code, signal]) => ({ code, signal }));
    this.#replies = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
    const [info, mapped] = [this.#process.stdio[INFO_FD], this.#process.stdio[MAPPED_FD]];
    if (isRoot) {
      const { 'child-pid': pid } = JSON.parse(await textOf(info));
      for (const kind of ['uid', 'gid']) writeFileSync(`/proc/${pid}/${kind}_map`, `0 ${FIRST_USER} ${SLOTS + 1}\n`);
    }
    mapped.end('x');
  }

  send(line) {
    this.sendText(`${JSON.stringify(line)}\n`);
  }

  sendText(text) {
    this.#process.stdin.write(text);
  }

  endInput() {
    this.#process.stdin.end();
  }

  /** Her next line. Throws when she has ended. */
  async reply() {
    const deadline = setTimeout(() => this.#process.kill('SIGKILL'), PATIENCE);
    const { value, done } = await this.#replies.next();
    clearTimeout(deadline);
    if (!done) return JSON.parse(value);
    const { code, signal } = await this.exited;
    throw new Error(`the mother ended (${code ?? signal}): ${this.stderr}`);
  }

  /** Orders a child, without waiting. Returns its token. */
  order(given = {}) {
    const token = `t${++this.#forks}`;
    const slot = isRoot ? 1 + this.#forks % SLOTS : 0;
    this.send({ fork: token, given: { slot, map: `1000 ${slot} 1\n`, ...given } });
    return token;
  }

  /** The child that was ordered with `token`, and is connected; it waits for its byte. */
  async child(token, pid) {
    const [out, err] = await Promise.all(['out', 'err'].map((stream) => this.#meetingPlace.met(`${stream} ${token}`).promise));
    return new MotherSandbox(token, pid, out, err);
  }

  /** A child that has said READY. */
  async fork(given) {
    const token = this.order(given);
    const { forked, pid, error } = await this.reply();
    if (forked !== token) throw new Error(`not forked: ${error}`);
    const child = await this.child(token, pid);
    child.letGo();
    child.ready = JSON.parse((await child.next()).payload);
    return child;
  }

  /** The status word of a child, or what she says instead. */
  async reap(pid) {
    this.send({ reap: pid });
    const { reaped, status } = await this.reply();
    if (reaped !== pid) throw new Error(`not ${pid} but ${reaped}`);
    return status;
  }

  /** Her pid outside the sandbox: the only child of bwrap. */
  get pid() {
    return childrenOf(this.#process.pid)[0];
  }

  /** The pid outside the sandbox of a child that is `pid` to her. */
  hostPidOf(pid) {
    return childrenOf(this.pid).find((child) => /NSpid:.*/.exec(readFileSync(`/proc/${child}/status`))[0].split('\t').at(-2) === `${pid}`);
  }

  nameOf(pid) {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trimEnd();
  }

  async close() {
    this.#process.kill('SIGKILL');
    await this.exited;
    this.#meetingPlace.close();
    rmSync(this.#folder, { recursive: true });
  }

  async [Symbol.asyncDispose]() {
    await this.close();
  }
}

/** A mother that has said that she is warm. */
export async function warm(options) {
  const mother = await Mother.start(options);
  await mother.reply();
  return mother;
}

/** The first JSON object of a stream. */
async function textOf(stream) {
  let text = '';
  for await (const bytes of stream) {
    text += bytes;
    if (text.trimEnd().endsWith('}')) break;
  }
  return text;
}
