// Carries what a running invocation writes to the server.
//
// Theory of operation: one synchronous loop on poll(2) over the script's stdout, stderr and result pipes and its
// pidfd. One read goes into one frame, and the next read waits until that frame is written: a server that does not
// read stalls the loop, full pipes stall the script, and never is more held than the one chunk. The loop ends when
// the result message is whole (its header says where) or the script's own process is dead. Who else still holds the
// pipes does not matter: they are killed next, and `drain` then fetches what the pipes still hold.
import { CHUNK_SIZE, HEADER_SIZE, RESULT, STDERR, STDOUT } from './frames.mjs';
import { POLLIN } from '../kernel/libc.mjs';
import { getRawPointer } from '../kernel/primordials.mjs';
import { ResultMeter } from './result-meter.mjs';

const POLLFD_SIZE = 8;
const WATCHED = 4n;
const types = [STDOUT, STDERR, RESULT];

export class Relay {
  #keepsResult;
  #libc;
  #writer;
  #polled = Buffer.alloc(Number(WATCHED) * POLLFD_SIZE);
  #polledAddress = getRawPointer(this.#polled);
  #meter = new ResultMeter();

  /**
   * `pipes` are the read ends of stdout, stderr and result. `keepsResult`: the end of the result waits for the next
   * frame, to go out with it.
   */
  constructor(libc, writer, pipes, pidfd, keepsResult) {
    this.#keepsResult = keepsResult;
    this.#libc = libc;
    this.#writer = writer;
    [...pipes, pidfd].forEach((fd, at) => {
      this.#polled.writeInt32LE(fd, at * POLLFD_SIZE);
      this.#polled.writeInt16LE(POLLIN, at * POLLFD_SIZE + 4);
    });
  }

  /** Forwards until the invocation is over: true with a whole result, false when the process is dead. */
  run() {
    while (!this.#meter.complete) {
      this.#poll(-1);
      const dead = this.#ready(types.length);
      this.#forwardReady();
      if (dead) return this.#meter.complete;
    }
    return true;
  }

  /**
   * Forwards what is left in the pipes, and of each no more than `limit` bytes or so: without a limit nobody may be
   * alive that could still write to them.
   */
  drain(limit = Infinity) {
    let rounds = limit / CHUNK_SIZE;
    do this.#poll(0); while (this.#forwardReady() && --rounds > 0);
  }

  #poll(timeout) {
    if (this.#libc.poll(this.#polledAddress, WATCHED, timeout) >= 0) return;
    for (let at = 0; at < WATCHED; at++) this.#polled.writeInt16LE(0, at * POLLFD_SIZE + 6); // interrupted
  }

  #ready(at) {
    return this.#polled.readInt16LE(at * POLLFD_SIZE + 6) !== 0;
  }

  /** One chunk of each pipe that has something; false when none had. */
  #forwardReady() {
    let forwarded = false;
    types.forEach((type, at) => {
      if (!this.#ready(at)) return;
      const fd = this.#polled.readInt32LE(at * POLLFD_SIZE);
      const { chunk } = this.#writer; // what is kept goes out first
      const count = this.#libc.readSome(fd, chunk, HEADER_SIZE, CHUNK_SIZE);
      if (count <= 0) {
        this.#polled.writeInt32LE(-1, at * POLLFD_SIZE); // at its end: poll ignores negative descriptors
        return;
      }
      const wanted = type === RESULT ? this.#meter.take(chunk.subarray(HEADER_SIZE, HEADER_SIZE + count)) : count;
      if (wanted > 0 && this.#keepsResult && this.#meter.complete) this.#writer.keepChunk(type, wanted);
      else if (wanted > 0) this.#writer.sendChunk(type, wanted);
      forwarded = true;
    });
    return forwarded;
  }
}
