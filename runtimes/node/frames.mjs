// The frames of runtimes/PROTOCOL.md: one byte of type, four of length, payload.

export const PROGRAM = 0x01;
export const INVOKE = 0x02;
export const CHECK = 0x03;
export const READY = 0x81;
export const STDOUT = 0x82;
export const STDERR = 0x83;
export const RESULT = 0x84;
export const END = 0x85;

/** Bytes before the payload. */
export const HEADER_SIZE = 5;

/** The largest payload of an output or result frame. */
export const CHUNK_SIZE = 64 * 1024;

const limits = new Map([
  [PROGRAM, 32 * 1024 * 1024],
  [INVOKE, 8 * 1024 * 1024],
  [CHECK, 0],
]);

/** The header of a frame. */
export function frameHeader(type, length) {
  const header = Buffer.alloc(HEADER_SIZE);
  header[0] = type;
  header.writeUInt32LE(length, 1);
  return header;
}

/** The server does not keep to the protocol. */
export class BrokenPeer extends Error {}

/** Reads frames from a blocking descriptor. */
export class FrameReader {
  #libc;
  #fd;
  #header = Buffer.alloc(HEADER_SIZE);

  constructor(libc, fd) {
    this.#libc = libc;
    this.#fd = fd;
  }

  /** The next frame as `{type, payload}`, or null at the end of the file. Throws BrokenPeer. */
  read() {
    const got = this.#fill(this.#header);
    if (got === 0) return null;
    if (got < HEADER_SIZE) throw new BrokenPeer('the stream ends inside a frame');
    const type = this.#header[0];
    const length = this.#header.readUInt32LE(1);
    const limit = limits.get(type);
    if (limit === undefined) throw new BrokenPeer(`unknown frame type ${type}`);
    if (length > limit) throw new BrokenPeer(`frame type ${type} of ${length} bytes is over its limit of ${limit}`);
    const payload = Buffer.allocUnsafeSlow(length);
    if (this.#fill(payload) < length) throw new BrokenPeer('the stream ends inside a frame');
    return { type, payload };
  }

  #fill(bytes) {
    let filled = 0;
    while (filled < bytes.length) {
      const count = this.#libc.readSome(this.#fd, bytes, filled, bytes.length - filled);
      if (count < 0) throw new BrokenPeer('the stream cannot be read');
      if (count === 0) break;
      filled += count;
    }
    return filled;
  }
}

/** Writes frames to a blocking descriptor; a write lasts as long as the reader takes. */
export class FrameWriter {
  #libc;
  #fd;
  #frame = Buffer.alloc(HEADER_SIZE + CHUNK_SIZE);

  constructor(libc, fd) {
    this.#libc = libc;
    this.#fd = fd;
  }

  /** Where `sendChunk` expects its payload: the only place where output is held. */
  get chunk() {
    return this.#frame;
  }

  /** Sends the `length` bytes that were put into `chunk` after its header. */
  sendChunk(type, length) {
    this.#frame[0] = type;
    this.#frame.writeUInt32LE(length, 1);
    if (!this.#libc.writeAll(this.#fd, this.#frame, HEADER_SIZE + length)) throw new BrokenPeer('the server is gone');
  }

  /** Sends a small JSON payload. */
  sendJson(type, value) {
    this.sendChunk(type, this.#frame.write(JSON.stringify(value), HEADER_SIZE));
  }
}
