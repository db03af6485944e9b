// The one message that a child sends for a run (runtimes/PROTOCOL.md, "The result message").
import { Bytes, jsonStringify, lengthOf, setBytes, utf8 } from '../kernel/primordials.mjs';

export const VALUE = 0x56; // V
export const NOTHING = 0x4e; // N
export const ERROR = 0x45; // E
export const COMPILE_ERROR = 0x53; // S
export const BYTES = 0x42; // B
export const EXIT = 0x58; // X
const HEADER_SIZE = 5;
const empty = new Bytes(0);

/** A whole result message. */
export function messageOf(kind, payload) {
  const length = lengthOf(payload);
  const message = new Bytes(HEADER_SIZE + length); // a single write, so that the message arrives in one piece
  message[0] = kind;
  message[1] = length;
  message[2] = length >>> 8;
  message[3] = length >>> 16;
  message[4] = length >>> 24;
  setBytes(message, payload, HEADER_SIZE);
  return message;
}

export class ResultPipe {
  #libc;
  #fd = -1;
  #sent;

  /** Calls `sent` after each message. */
  constructor(libc, sent) {
    this.#libc = libc;
    this.#sent = sent;
  }

  /** Sets the descriptor, which each child has to itself. */
  open(fd) {
    this.#fd = fd;
  }

  /** The script returned a value; `json` is its JSON text. */
  sendValue(json) {
    this.#send(VALUE, utf8(json));
  }

  /** The script returned bytes: `{base64, mediaType}`. */
  sendBytes(bytes) {
    this.#send(BYTES, utf8(jsonStringify(bytes)));
  }

  /** The script returned nothing, or a check has passed. `handler` says which handler was not called: its name, or null for none. */
  sendNothing(handler = undefined) {
    this.#send(NOTHING, handler === undefined ? empty : utf8(jsonStringify({ __proto__: null, handler })));
  }

  /** The script threw: `{name, message, stack}`. */
  sendError(error) {
    this.#send(ERROR, utf8(jsonStringify(error)));
  }

  /** The script does not compile: `{message, line, column}`. */
  sendCompileError(error) {
    this.#send(COMPILE_ERROR, utf8(jsonStringify(error)));
  }

  #send(kind, payload) {
    this.#libc.writeAll(this.#fd, messageOf(kind, payload));
    this.#sent();
  }
}
