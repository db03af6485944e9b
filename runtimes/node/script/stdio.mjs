// process.stdout and process.stderr of a script: every write blocks until the pipe has taken it. So nothing is
// buffered in the process, process.exit() cuts nothing off, and a loop that prints stalls when nobody reads. They take
// node's place already in the zygote, whose own pipes node would make non-blocking if something looked at them.
//
// Text is encoded into the same bytes again and again: a buffer of its own for each line is new memory, whose pages cost
// several times what the line does.
import { Writable } from 'node:stream';
import { Bytes, define, encodeInto, slice } from '../kernel/primordials.mjs';

const encoded = new Bytes(64 * 1024); // of both streams: a write is over before the next begins
const { from: bytesFrom } = Buffer;
const isUtf8 = (encoding) => encoding === 'utf8' || encoding === 'utf-8';

/** Writes to a descriptor at once. */
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

  // As node's own standard streams: end() and destroy() do not end them for good.
  _destroy(error, callback) {
    callback(error);
    this._undestroy();
  }
}

/** Gives `process` its two output streams, made at first use. */
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
