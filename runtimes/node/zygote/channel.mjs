// The child's side of its direct connection with the server, at isolation `shared` with a concurrency above 1
// (runtimes/PROTOCOL.md, "A concurrent child"). Frames of a run begin with the run's number.
//
// Theory of operation: the child has inherited the zygote's own descriptors 0 and 1 under high numbers, and the zygote uses them
// no more while the child lives. Orders are read by node's event loop. Frames are written by write(2), which blocks: the server
// reads all the time, even while its clients do not. One buffer serves all frames, and a short result is one write.
import { Bytes, copyWithin, emptyBytes, lengthOf, process, setBytes, subarray } from '../kernel/primordials.mjs';
import { BrokenPeer, CANCEL, CHUNK_SIZE, DONE, HEADER_SIZE, HEARD, NUMBER_SIZE, RESULT, RUN, SECRETS, limitOf } from './frames.mjs';

const START = HEADER_SIZE + NUMBER_SIZE; // of what a frame of a run carries
const MOST = CHUNK_SIZE - NUMBER_SIZE; // bytes of output or result in one frame
const LONGEST_ORDER = NUMBER_SIZE + limitOf(SECRETS);

const readInt = (bytes, at) => (bytes[at] | bytes[at + 1] << 8 | bytes[at + 2] << 16 | bytes[at + 3] << 24) >>> 0;

function writeInt(bytes, at, value) {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
  bytes[at + 2] = value >>> 16;
  bytes[at + 3] = value >>> 24;
}

/** Loads the module that reads orders: before the fork, and only where it is needed. */
export const loadNet = () => process.getBuiltinModule('node:net');

/** Writes frames. */
export class ChannelWriter {
  #libc;
  #fd;
  #frames = new Bytes(HEADER_SIZE + CHUNK_SIZE + START);
  #end = 0;

  constructor(libc, fd) {
    this.#libc = libc;
    this.#fd = fd;
  }

  /** Sends what a run has printed; `type` is STDOUT or STDERR. False: the server is gone. */
  sendOutput(number, type, bytes, length) {
    return this.#sendChunks(number, type, bytes, length) && this.#flush();
  }

  /** Sends the result message of a run, and that the run is over. */
  sendResult(number, message) {
    return this.#sendChunks(number, RESULT, message, lengthOf(message)) && this.#put(number, DONE, emptyBytes) && this.#flush();
  }

  /** Sends that the child has heard that a run is cancelled. */
  sendHeard(number) {
    return this.#put(number, HEARD, emptyBytes) && this.#flush();
  }

  #sendChunks(number, type, bytes, length) {
    for (let at = 0; at < length; at += MOST) {
      const size = length - at < MOST ? length - at : MOST;
      if (!this.#put(number, type, at === 0 && size === lengthOf(bytes) ? bytes : subarray(bytes, at, at + size))) return false;
    }
    return true;
  }

  /** Adds a frame to those that the next flush sends. */
  #put(number, type, bytes) {
    const size = lengthOf(bytes);
    if (this.#end + START + size > lengthOf(this.#frames) && !this.#flush()) return false;
    const frames = this.#frames;
    const at = this.#end;
    frames[at] = type;
    writeInt(frames, at + 1, NUMBER_SIZE + size);
    writeInt(frames, at + HEADER_SIZE, number);
    setBytes(frames, bytes, at + START);
    this.#end = at + START + size;
    return true;
  }

  #flush() {
    const length = this.#end;
    this.#end = 0;
    return this.#libc.writeAll(this.#fd, this.#frames, length);
  }
}

/** Reads orders from a descriptor, in node's event loop. */
export class ChannelReader {
  #held = new Bytes(HEADER_SIZE + CHUNK_SIZE);
  #size = 0;
  #orders;

  /** `orders` has the methods `run(number, json)`, `secrets(json)`, `cancel(number)`, `end()`, and `broken(error)`. */
  constructor(orders) {
    this.#orders = orders;
  }

  /** Begins to read. `bytes` were read of the same stream before. */
  open(fd, bytes) {
    this.take(bytes);
    const onread = {
      buffer: Buffer.alloc(CHUNK_SIZE),
      callback: (count, buffer) => {
        this.take(subarray(buffer, 0, count));
        return true;
      },
    };
    const { Socket } = loadNet();
    const socket = new Socket({ fd, readable: true, writable: false, onread });
    socket.on('close', () => this.#orders.end());
    socket.on('error', () => {}); // `close` follows
  }

  /** Takes the next bytes of the stream. */
  take(bytes) {
    try {
      this.#append(bytes);
      let at = 0;
      for (let used; (used = this.#takeOne(at)) > 0;) at += used;
      if (at > 0 && at < this.#size) copyWithin(this.#held, 0, at, this.#size);
      this.#size -= at;
    } catch (error) {
      this.#orders.broken(error);
    }
  }

  #append(bytes) {
    const wanted = this.#size + lengthOf(bytes);
    if (wanted > lengthOf(this.#held)) {
      const larger = new Bytes(wanted * 2);
      setBytes(larger, subarray(this.#held, 0, this.#size), 0);
      this.#held = larger;
    }
    setBytes(this.#held, bytes, this.#size);
    this.#size = wanted;
  }

  /** Carries out the order at `at`. Returns its size in bytes, or 0 when it is not complete. */
  #takeOne(at) {
    const held = this.#held;
    if (this.#size - at < HEADER_SIZE) return 0;
    const type = held[at];
    const length = readInt(held, at + 1);
    if ((type !== RUN && type !== CANCEL && type !== SECRETS) || length < NUMBER_SIZE || length > LONGEST_ORDER) {
      throw new BrokenPeer(`an order of type ${type} and ${length} bytes`);
    }
    if (this.#size - at < HEADER_SIZE + length) return 0;
    const number = readInt(held, at + HEADER_SIZE);
    if (type === CANCEL) this.#orders.cancel(number);
    else if (type === SECRETS) this.#orders.secrets(subarray(held, at + START, at + HEADER_SIZE + length));
    else this.#orders.run(number, subarray(held, at + START, at + HEADER_SIZE + length));
    return HEADER_SIZE + length;
  }
}
