// The zygote's part while a concurrent child lives: it waits for the child's end, which it alone can tell.
//
// Theory of operation: the child speaks with the server itself. What is written to the descriptors 1 and 2 below node belongs to
// no known run. The zygote reads it, so that no write to them blocks, and keeps its last bytes, where the message of a process that
// crashes is. When the child is dead, the zygote kills the other processes of the sandbox. It sends the kept bytes as STDERR of run 0,
// and then END with `last`.
import { POLLIN } from '../kernel/libc.mjs';
import { getRawPointer } from '../kernel/primordials.mjs';
import { CHUNK_SIZE, END, HEADER_SIZE, NUMBER_SIZE, STDERR } from './frames.mjs';
import { killAll } from './reap.mjs';

const POLLFD_SIZE = 8;
const REVENTS = 6;
const KEPT = 32 * 1024; // bytes, at least; twice as many at most

/** Returns when the child is dead and END has been sent. */
export function keepCompany(libc, writer, handle) {
  const watched = [...handle.pipes, handle.pidfd];
  const polled = Buffer.alloc(watched.length * POLLFD_SIZE);
  const address = getRawPointer(polled);
  watched.forEach((fd, at) => {
    polled.writeInt32LE(fd, at * POLLFD_SIZE);
    polled.writeInt16LE(POLLIN, at * POLLFD_SIZE + 4);
  });
  const isReady = (at) => polled.readInt16LE(at * POLLFD_SIZE + REVENTS) !== 0;
  const tail = new Tail();
  const readAll = () => handle.pipes.filter((fd, at) => {
    if (!isReady(at)) return false;
    const count = tail.readFrom(libc, fd);
    if (count <= 0) polled.writeInt32LE(-1, at * POLLFD_SIZE); // the pipe is at its end: poll ignores negative descriptors
    return count > 0;
  }).length > 0;
  const poll = (timeout) => libc.poll(address, BigInt(watched.length), timeout) >= 0;
  for (;;) {
    if (!poll(-1)) continue; // interrupted
    const isDead = isReady(watched.length - 1);
    readAll();
    if (isDead) break;
  }
  const end = killAll(libc, handle.pid);
  while (poll(0) && readAll()) { /* the rest */ }
  tail.sendTo(writer);
  writer.sendJson(END, { ...end, last: true });
}

/** The last bytes of a stream: two buffers, of which the older one is given up when the newer one is full. */
class Tail {
  #older = Buffer.alloc(0);
  #newer = Buffer.alloc(KEPT);
  #spare = Buffer.alloc(KEPT);
  #size = 0;

  /** Reads once from a descriptor. Returns the number of bytes. */
  readFrom(libc, fd) {
    if (this.#size === KEPT) {
      [this.#older, this.#newer, this.#spare] = [this.#newer, this.#spare, this.#older.length > 0 ? this.#older : Buffer.alloc(KEPT)];
      this.#size = 0;
    }
    const count = libc.readSome(fd, this.#newer, this.#size, KEPT - this.#size);
    if (count > 0) this.#size += count;
    return count;
  }

  sendTo(writer) {
    for (const bytes of [this.#older, this.#newer.subarray(0, this.#size)]) {
      if (bytes.length === 0) continue;
      const { chunk } = writer;
      chunk.writeUInt32LE(0, HEADER_SIZE);
      bytes.copy(chunk, HEADER_SIZE + NUMBER_SIZE, 0, Math.min(bytes.length, CHUNK_SIZE - NUMBER_SIZE));
      writer.sendChunk(STDERR, NUMBER_SIZE + bytes.length);
    }
  }
}
