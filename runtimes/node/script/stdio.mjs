// process.stdout and process.stderr of a script. Every write blocks until the pipe has taken it. So the process buffers
// nothing, process.exit() cuts no output off, and a script that prints stalls while the server does not read. The zygote
// already replaces node's own streams by these: node's would make the zygote's pipes non-blocking at first use.
//
// All text is encoded into one reused buffer: a new buffer for each line would be new memory, whose pages cost several
// times as much as the line.
import { Writable } from 'node:stream';
import { Bytes, define, encodeInto, slice } from '../kernel/primordials.mjs';

const encoded = new Bytes(64 * 1024); // for both streams: a write is over before the next one begins
const { from: bytesFrom } = Buffer;
const isUtf8 = (encoding) => encoding === 'utf8' || encoding === 'utf-8';

/** Writes to a descriptor without buffering. */
export class BlockingStream extends Writable {
  #libc;

  constructor(libc, fd) {
    super({ decodeStrings: false });
    this.#libc = libc;
    this.fd = fd;
    this._type = 'pipe';
    this._isStdio = true;
  }

  _write(chunk, encoding, callback) {
    const isText = typeof chunk === 'string';
    const isWritten = isText && isUtf8(encoding)
      ? this.#writeText(chunk)
      : this.#libc.writeAll(this.fd, isText ? bytesFrom(chunk, encoding) : chunk);
    if (isWritten) callback();
    else callback(Object.assign(new Error(`write to descriptor ${this.fd} failed`), { code: 'EPIPE', syscall: 'write' }));
  }

  #writeText(text) {
    for (let rest = text; rest.length > 0;) {
      const { read, written } = encodeInto(rest, encoded);
      if (!this.#libc.writeAll(this.fd, encoded, written)) return false;
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
  for (const [name, fd] of [['stdout', 1], ['stderr', 2]]) {
    let stream;
    Object.defineProperty(process, name, {
      configurable: true,
      enumerable: true,
      get: () => (stream ??= new BlockingStream(libc, fd)),
      set: (value) => define(process, name, value, true),
    });
  }
}
