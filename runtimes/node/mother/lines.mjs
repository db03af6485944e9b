// Reads lines of JSON from a blocking descriptor.
import { BrokenPeer } from '../zygote/frames.mjs';

const NEWLINE = 0x0a;

export class LineReader {
  #libc;
  #fd;
  #held = Buffer.alloc(64 * 1024); // the bytes from #start to #end are read and not taken
  #start = 0;
  #end = 0;

  constructor(libc, fd) {
    this.#libc = libc;
    this.#fd = fd;
  }

  /** The next line's object, or null at the end of the file. Throws BrokenPeer for anything else than a JSON object. */
  read() {
    const line = this.#line();
    if (line === null) return null;
    let value = null;
    try {
      value = JSON.parse(line);
    } catch { /* is refused below */ }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new BrokenPeer(`not a JSON object: ${line}`);
    return value;
  }

  #line() {
    for (let searched = this.#start; ;) {
      const at = this.#held.subarray(0, this.#end).indexOf(NEWLINE, searched);
      if (at >= 0) {
        const line = this.#held.toString('utf8', this.#start, at);
        this.#start = at + 1;
        return line;
      }
      const known = this.#end - this.#start;
      if (!this.#fill()) return null;
      searched = this.#start + known;
    }
  }

  /** Reads more bytes. Returns false at the end of the file. */
  #fill() {
    if (this.#end === this.#held.length) this.#makeRoom();
    const count = this.#libc.readSome(this.#fd, this.#held, this.#end, this.#held.length - this.#end);
    if (count <= 0) return false;
    this.#end += count;
    return true;
  }

  #makeRoom() {
    const room = this.#start > 0 ? this.#held : Buffer.alloc(this.#held.length * 2);
    this.#held.copy(room, 0, this.#start, this.#end);
    this.#held = room;
    this.#end -= this.#start;
    this.#start = 0;
  }
}
