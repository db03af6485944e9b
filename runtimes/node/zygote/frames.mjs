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

/** The largest payload of READY and END. */
const SMALL_SIZE = 4 * 1024;

/** The largest payload of a frame that is read, or -1 when there is none of that type. */
function limitOf(type) {
  switch (type) {
    case PROGRAM: return 32 * 1024 * 1024;
    case INVOKE: return 8 * 1024 * 1024;
    case CHECK: return 0;
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

/** The server does not keep to the protocol. */
export class BrokenPeer extends Error {}

/** Reads frames from a blocking descriptor, with one call for most of them. */
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

  /** Gives it its descriptor, when that is not known from the beginning. */
  open(fd) {
    this.#fd = fd;
  }

  /**
   * The next frame as `{type, payload, bytes}`, or null at the end of the file; `bytes` is all of it. They are valid
   * until the next call. Throws BrokenPeer.
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

  /** Holds at least `size` bytes; false when the file ends before. */
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

/** Writes frames to a blocking descriptor; a write lasts as long as the reader takes. */
export class FrameWriter {
  #libc;
  #fd;
  #frames = Buffer.alloc(HEADER_SIZE + CHUNK_SIZE + HEADER_SIZE + SMALL_SIZE);
  #kept = 0;

  constructor(libc, fd) {
    this.#libc = libc;
    this.#fd = fd;
  }

  /** Where `sendChunk` expects its payload, after a header: the only place where output is held. Sends what is kept. */
  get chunk() {
    this.flush();
    return this.#frames;
  }

  /** Sends the `length` bytes that were put into `chunk` after its header. */
  sendChunk(type, length) {
    this.keepChunk(type, length);
    this.flush();
  }

  /** The same, together with the frame that comes next. */
  keepChunk(type, length) {
    this.#frames[0] = type;
    this.#frames.writeUInt32LE(length, 1);
    this.#kept = HEADER_SIZE + length;
  }

  /** Sends a small JSON payload. */
  sendJson(type, value) {
    const start = this.#kept;
    const length = this.#frames.write(JSON.stringify(value), start + HEADER_SIZE);
    this.#frames[start] = type;
    this.#frames.writeUInt32LE(length, start + 1);
    this.#kept = start + HEADER_SIZE + length;
    this.flush();
  }

  /** Sends what is kept. */
  flush() {
    if (this.#kept === 0) return;
    const length = this.#kept;
    this.#kept = 0;
    if (!this.#libc.writeAll(this.#fd, this.#frames, length)) throw new BrokenPeer('the server is gone');
  }
}
