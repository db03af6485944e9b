// process.stdout and process.stderr of a script: every write blocks until the pipe has taken it. So nothing is
// buffered in the process, process.exit() cuts nothing off, and a loop that prints stalls when nobody reads. They take
// node's place already in the zygote, whose own pipes node would make non-blocking if something looked at them.
import { Writable } from 'node:stream';
import { define } from './primordials.mjs';

/** Writes to a descriptor at once. */
export class BlockingStream extends Writable {
  #libc;

  constructor(libc, fd) {
    super({ decodeStrings: true });
    this.#libc = libc;
    this.fd = fd;
    this._type = 'pipe';
    this._isStdio = true;
  }

  _write(bytes, encoding, callback) {
    if (this.#libc.writeAll(this.fd, bytes)) callback();
    else callback(Object.assign(new Error(`write to descriptor ${this.fd} failed`), { code: 'EPIPE', syscall: 'write' }));
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
