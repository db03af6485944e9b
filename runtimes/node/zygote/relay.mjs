// Relays the output of one run to the server.
//
// Theory of operation: one synchronous loop on poll(2), over the child's stdout, stderr and result pipes and its pidfd.
// One read becomes one frame, and the next read waits until that frame is written. So a server that does not read stalls
// the loop, full pipes stall the script, and the zygote never holds more than one chunk. The loop ends when the result
// message is complete (its header gives its length) or when the child is dead. Other processes may still hold the pipes:
// the zygote kills them next, and `drain` then reads what is left in the pipes.
import { POLLIN } from '../kernel/libc.mjs';
import { getRawPointer } from '../kernel/primordials.mjs';
import { COMPILE_ERROR, ERROR } from '../script/result.mjs';
import { CHUNK_SIZE, HEADER_SIZE, RESULT, STDERR, STDOUT } from './frames.mjs';
import { ResultMeter } from './result-meter.mjs';

const POLLFD_SIZE = 8;
const WATCHED = 4n;
const types = [STDOUT, STDERR, RESULT];

export class Relay {
  #keepsResult;
  #beforeEnd;
  #libc;
  #writer;
  #polled = Buffer.alloc(Number(WATCHED) * POLLFD_SIZE);
  #polledAddress = getRawPointer(this.#polled);
  #meter = new ResultMeter();

  /**
   * `pipes` are the read ends of stdout, stderr and result. With `keepsResult`, the last frame of the result is kept, to
   * be sent together with the next frame. Calls `beforeEnd` when the result is complete, before it sends the last of it.
   */
  constructor(libc, writer, pipes, pidfd, keepsResult, beforeEnd = null) {
    this.#keepsResult = keepsResult;
    this.#beforeEnd = beforeEnd;
    this.#libc = libc;
    this.#writer = writer;
    [...pipes, pidfd].forEach((fd, at) => {
      this.#polled.writeInt32LE(fd, at * POLLFD_SIZE);
      this.#polled.writeInt16LE(POLLIN, at * POLLFD_SIZE + 4);
    });
  }

  /** Forwards until the run is over. Returns true for a complete result, false when the child has died without one. */
  forward() {
    while (!this.#meter.complete) {
      this.#poll(-1);
      const dead = this.#ready(types.length);
      this.#forwardReady();
      if (dead) return this.#meter.complete;
    }
    return true;
  }

  /**
   * Forwards what is left in the pipes, about `limit` bytes of each at most. Without a limit, no process that could still
   * write to the pipes may be alive.
   */
  drain(limit = Infinity) {
    let rounds = limit / CHUNK_SIZE;
    do this.#poll(0); while (this.#forwardReady() && --rounds > 0);
  }

  /** Whether the script has ended well, as far as it says so itself; `exitCode` tells it where there is no result. */
  isGood({ exitCode }) {
    return this.#meter.complete ? this.#meter.kind !== ERROR && this.#meter.kind !== COMPILE_ERROR : exitCode === 0;
  }

  #poll(timeout) {
    if (this.#libc.poll(this.#polledAddress, WATCHED, timeout) >= 0) return;
    for (let at = 0; at < WATCHED; at++) this.#polled.writeInt16LE(0, at * POLLFD_SIZE + 6); // interrupted
  }

  #ready(at) {
    return this.#polled.readInt16LE(at * POLLFD_SIZE + 6) !== 0;
  }

  /** Forwards one chunk of each readable pipe. Returns false when no pipe had bytes. */
  #forwardReady() {
    let forwarded = false;
    types.forEach((type, at) => {
      if (!this.#ready(at)) return;
      const fd = this.#polled.readInt32LE(at * POLLFD_SIZE);
      const { chunk } = this.#writer; // sends the kept frame first
      const count = this.#libc.readSome(fd, chunk, HEADER_SIZE, CHUNK_SIZE);
      if (count <= 0) {
        this.#polled.writeInt32LE(-1, at * POLLFD_SIZE); // the pipe is at its end: poll ignores negative descriptors
        return;
      }
      const wanted = type === RESULT ? this.#meter.take(chunk.subarray(HEADER_SIZE, HEADER_SIZE + count)) : count;
      if (wanted > 0 && type === RESULT && this.#meter.complete) this.#beforeEnd?.();
      if (wanted > 0 && this.#keepsResult && this.#meter.complete) this.#writer.keepChunk(type, wanted);
      else if (wanted > 0) this.#writer.sendChunk(type, wanted);
      forwarded = true;
    });
    return forwarded;
  }
}
