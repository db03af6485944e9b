// The frames of runtimes/PROTOCOL.md: one byte of type, four of length, payload.

export const PROGRAM = 0x01;
export const RUN = 0x02;
export const CHECK = 0x03;
export const CANCEL = 0x04;
export const TRACE = 0x05;
export const SECRETS = 0x06;
export const FILE = 0x07;
export const FILE_BYTES = 0x08;
export const READY = 0x81;
export const STDOUT = 0x82;
export const STDERR = 0x83;
export const RESULT = 0x84;
export const END = 0x85;
export const DONE = 0x86;
export const HEARD = 0x87;
export const OUT = 0x88;
export const OUT_FILE = 0x89;
export const OUT_BYTES = 0x8a;
export const OUT_REFUSED = 0x8b;

/** Bytes of a frame before its payload. */
export const HEADER_SIZE = 5;

/** Bytes of a run's number, at the beginning of a payload of a concurrent child. */
export const NUMBER_SIZE = 4;

/** The largest payload of STDOUT, STDERR, RESULT and the bytes of files, in bytes. */
export const CHUNK_SIZE = 64 * 1024;

/** The longest name of a file, in bytes. */
export const NAME_SIZE = 255;

/** The largest payload of READY and END, in bytes. */
const SMALL_SIZE = 4 * 1024;

/** The largest payload of a frame from the server, in bytes; -1 for an unknown type. */
export function limitOf(type) {
  switch (type) {
    case PROGRAM: return 32 * 1024 * 1024;
    case RUN: return 8 * 1024 * 1024;
    case CHECK: return 0;
    case TRACE: return 64;
    case SECRETS: return 32 * 1024 * 1024;
    case FILE: return NAME_SIZE;
    case FILE_BYTES: return CHUNK_SIZE;
    default: return -1;
  }
}

/** The header of a frame. */
export function frameHeader(type, length) {
  const header = Buffer.alloc(HEADER_SIZE);
  header[0] = type;
  header.writeUInt32LE(length, 1);
  return header;
}

/** The server has broken the protocol. */
export class BrokenPeer extends Error {}

/** Reads frames from a blocking descriptor. Most frames take one system call. */
export class FrameReader {
  #libc;
  #fd;
  #held = Buffer.alloc(HEADER_SIZE + CHUNK_SIZE);
  #start = 0;
  #end = 0;

  constructor(libc, fd = -1) {
    this.#libc = libc;
    this.#fd = fd;
  }

  /** Sets the descriptor, when it was not known at construction. */
  open(fd) {
    this.#fd = fd;
  }

  /**
   * The next frame as `{type, payload, bytes}`, or null at the end of the file. `bytes` is the whole frame. Both buffers
   * are valid until the next call. Throws BrokenPeer.
   */
  read() {
    if (this.#start === this.#end) this.#start = this.#end = 0;
    if (!this.#fill(HEADER_SIZE)) {
      if (this.#start === this.#end) return null;
      throw new BrokenPeer('the stream ends inside a frame');
    }
    const type = this.#held[this.#start];
    const length = this.#held.readUInt32LE(this.#start + 1);
    const limit = limitOf(type);
    if (limit < 0) throw new BrokenPeer(`unknown frame type ${type}`);
    if (length > limit) throw new BrokenPeer(`frame type ${type} of ${length} bytes is over its limit of ${limit}`);
    const bytes = this.#take(HEADER_SIZE + length);
    return { type, payload: bytes.subarray(HEADER_SIZE), bytes };
  }

  /** Whether a frame has come, or a part of one, or the end of the file. */
  get isReadable() {
    return this.#start < this.#end || this.#libc.isReadable(this.#fd);
  }

  /** The bytes that were read and not used. The reader gives them up. */
  takeHeld() {
    const bytes = Buffer.from(this.#held.subarray(this.#start, this.#end));
    this.#start = this.#end = 0;
    return bytes;
  }

  #take(size) {
    const { length } = this.#held;
    if (size <= length) {
      if (this.#start + size > length) this.#moveToFront();
      if (!this.#fill(size)) throw new BrokenPeer('the stream ends inside a frame');
      return this.#held.subarray(this.#start, this.#start += size);
    }
    const bytes = Buffer.allocUnsafeSlow(size);
    const had = this.#end - this.#start;
    this.#held.copy(bytes, 0, this.#start, this.#end);
    this.#start = this.#end = 0;
    for (let at = had; at < size;) {
      const count = this.#read(bytes, at, size - at);
      if (count === 0) throw new BrokenPeer('the stream ends inside a frame');
      at += count;
    }
    return bytes;
  }

  #moveToFront() {
    this.#held.copy(this.#held, 0, this.#start, this.#end);
    this.#end -= this.#start;
    this.#start = 0;
  }

  /** Reads until at least `size` bytes are held. Returns false when the file ends before that. */
  #fill(size) {
    if (this.#start + size > this.#held.length) this.#moveToFront();
    while (this.#end - this.#start < size) {
      const count = this.#read(this.#held, this.#end, this.#held.length - this.#end);
      if (count === 0) return false;
      this.#end += count;
    }
    return true;
  }

  #read(bytes, offset, length) {
    const count = this.#libc.readSome(this.#fd, bytes, offset, length);
    if (count < 0) throw new BrokenPeer('the stream cannot be read');
    return count;
  }
}

/** Writes frames to a blocking descriptor. A write blocks until the server has read enough. */
export class FrameWriter {
  #libc;
  #fd;
  #frames = Buffer.alloc(HEADER_SIZE + CHUNK_SIZE + HEADER_SIZE + SMALL_SIZE);
  #kept = 0;

  constructor(libc, fd) {
    this.#libc = libc;
    this.#fd = fd;
  }

  /** The buffer for the payload of `sendChunk`, after room for a header: no output is held elsewhere. Sends kept frames first. */
  get chunk() {
    this.flush();
    return this.#frames;
  }

  /** Sends a frame with the first `length` payload bytes of `chunk`. */
  sendChunk(type, length) {
    this.keepChunk(type, length);
    this.flush();
  }

  /** The same, but keeps the frame, to send it together with the next one. */
  keepChunk(type, length) {
    this.#frames[0] = type;
    this.#frames.writeUInt32LE(length, 1);
    this.#kept = HEADER_SIZE + length;
  }

  /** Sends a frame without a payload, before the chunk that is being filled. */
  sendEmpty(type) {
    if (!this.#libc.writeAll(this.#fd, frameHeader(type, 0))) throw new BrokenPeer('the server is gone');
  }

  /** Sends a frame with a small JSON payload, after the kept frame. */
  sendJson(type, value) {
    const start = this.#kept;
    const length = this.#frames.write(JSON.stringify(value), start + HEADER_SIZE);
    this.#frames[start] = type;
    this.#frames.writeUInt32LE(length, start + 1);
    this.#kept = start + HEADER_SIZE + length;
    this.flush();
  }

  /** Sends the kept frames. */
  flush() {
    if (this.#kept === 0) return;
    const length = this.#kept;
    this.#kept = 0;
    if (!this.#libc.writeAll(this.#fd, this.#frames, length)) throw new BrokenPeer('the server is gone');
  }
}
