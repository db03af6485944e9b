// The one message that a script's process sends for an invocation (runtimes/PROTOCOL.md, "The result message").
import { Bytes, jsonStringify, lengthOf, setBytes, utf8 } from '../kernel/primordials.mjs';

const VALUE = 0x56; // V
const NOTHING = 0x4e; // N
const ERROR = 0x45; // E
const SYNTAX = 0x53; // S
const HEADER_SIZE = 5;
const empty = new Bytes(0);

export class ResultPipe {
  #libc;
  #fd = -1;
  #sent;

  /** `sent` is called after each message. */
  constructor(libc, sent) {
    this.#libc = libc;
    this.#sent = sent;
  }

  /** Gives it its descriptor, which is another in each process. */
  open(fd) {
    this.#fd = fd;
  }

  /** A returned value, as the JSON text that it became. */
  value(json) {
    this.#send(VALUE, utf8(json));
  }

  /** Nothing was returned, or a check passed. */
  nothing() {
    this.#send(NOTHING, empty);
  }

  /** It threw: `{name, message, stack}`. */
  error(error) {
    this.#send(ERROR, utf8(jsonStringify(error)));
  }

  /** It does not compile: `{message, line, column}`. */
  syntax(error) {
    this.#send(SYNTAX, utf8(jsonStringify(error)));
  }

  #send(kind, payload) {
    const length = lengthOf(payload);
    const message = new Bytes(HEADER_SIZE + length); // one write, so that it arrives at once
    message[0] = kind;
    message[1] = length;
    message[2] = length >>> 8;
    message[3] = length >>> 16;
    message[4] = length >>> 24;
    setBytes(message, payload, HEADER_SIZE);
    this.#libc.writeAll(this.#fd, message);
    this.#sent();
  }
}
