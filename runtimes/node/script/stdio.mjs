// process.stdout and process.stderr of a script. Every write blocks until the pipe has taken it. So the process buffers
// nothing, process.exit() cuts no output off, and a script that prints stalls while the server does not read. The zygote
// already replaces node's own streams by these: node's would make the zygote's pipes non-blocking at first use.
//
// The zygote reads the two pipes in turn. So that it reads in the order in which the script has written, a write to one stream
// waits until the pipe of the other one is empty. This holds for these streams only: another process, or a write to a bare
// descriptor, waits for nothing.
//
// All text is encoded into one reused buffer: a new buffer for each line would be new memory, whose pages cost several
// times as much as the line.
import { Writable } from 'node:stream';
import { Bytes, define, encodeInto, hrtime, lengthOf, slice } from '../kernel/primordials.mjs';

/** Whether the script has written to stdout by its stream. */
export const printed = { __proto__: null, isAny: false };

const encoded = new Bytes(64 * 1024); // for both streams: a write is over before the next one begins
const STDOUT = 1;
const PAUSE = 20; // microseconds
const PATIENCE = 100_000_000n; // nanoseconds: the server may not read for long, and a full pipe then stalls the script anyway
let written = -1; // the descriptor that was written to last
const { from: bytesFrom } = Buffer;
const isUtf8 = (encoding) => encoding === 'utf8' || encoding === 'utf-8';

/** Writes to a descriptor without buffering. */
export class BlockingStream extends Writable {
  #libc;
  #route;

  /** `route(bytes, length)`, if given, writes in place of the descriptor, and returns false when it cannot. */
  constructor(libc, fd, route = null) {
    super({ decodeStrings: false });
    this.#libc = libc;
    this.#route = route;
    this.fd = fd;
    this._type = 'pipe';
    this._isStdio = true;
  }

  _write(chunk, encoding, callback) {
    if (this.fd === STDOUT) printed.isAny = true;
    if (this.#route === null && written !== this.fd) this.#awaitOrder();
    const isText = typeof chunk === 'string';
    const isWritten = isText && isUtf8(encoding)
      ? this.#writeText(chunk)
      : this.#writeBytes(isText ? bytesFrom(chunk, encoding) : chunk);
    if (isWritten) callback();
    else callback(Object.assign(new Error(`write to descriptor ${this.fd} failed`), { code: 'EPIPE', syscall: 'write' }));
  }

  #awaitOrder() {
    const other = written;
    written = this.fd;
    if (other < 0) return;
    for (const deadline = hrtime() + PATIENCE; this.#libc.waitingIn(other) > 0 && hrtime() < deadline;) this.#libc.usleep(PAUSE);
  }

  #write(bytes, length) {
    return this.#route === null ? this.#libc.writeAll(this.fd, bytes, length) : this.#route(bytes, length);
  }

  #writeBytes(bytes) {
    return this.#write(bytes, lengthOf(bytes));
  }

  #writeText(text) {
    for (let rest = text; rest.length > 0;) {
      const { read, written } = encodeInto(rest, encoded);
      if (!this.#write(encoded, written)) return false;
      rest = slice(rest, read);
    }
    return true;
  }

  // Like node's own standard streams: they go on working after end() and destroy().
  _destroy(error, callback) {
    callback(error);
    this._undestroy();
  }
}

/** Replaces the two output streams of `process`. Each is made at its first use. */
export function replaceOutputs(libc, process) {
  replace(process, (name, fd) => new BlockingStream(libc, fd));
}

/** Replaces them by streams that write by `write(name, bytes, length)`; `name` is 'stdout' or 'stderr'. */
export function routeOutputs(libc, process, write) {
  replace(process, (name, fd) => new BlockingStream(libc, fd, (bytes, length) => write(name, bytes, length)));
}

function replace(process, streamOf) {
  for (const [name, fd] of [['stdout', 1], ['stderr', 2]]) {
    let stream;
    Object.defineProperty(process, name, {
      configurable: true,
      enumerable: true,
      get: () => (stream ??= streamOf(name, fd)),
      set: (value) => define(process, name, value, true),
    });
  }
}
