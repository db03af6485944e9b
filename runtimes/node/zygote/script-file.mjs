// The script as a file, where `__filename` says that it is, so that a Worker, a forked process or a stack reader can open it.
//
// Theory of operation: the file lies in /tmp, which each run may change and the zygote restores. It is written once, and kept
// while it is as it was written: the same inode, mode, size and time of change. No process can set the time of change. But the
// kernel takes that time from a clock that ticks every few milliseconds, so a change within the same tick does not show. So after
// a run that has begun so early, the content is compared as well. Nothing of this is done before a run's reply.
import { readFileSync } from 'node:fs';
import { AT_SYMLINK_NOFOLLOW, O_CLOEXEC, O_CREAT, O_EXCL, O_WRONLY, pathOf } from '../kernel/libc.mjs';
import { getRawPointer, hrtime } from '../kernel/primordials.mjs';

const READ_ONLY = 0o444;
const TICK = 50_000_000n; // nanoseconds: several of the kernel's ticks
const BASIC_STATS = 0x7ff; // STATX_BASIC_STATS
const STATX_SIZE = 256;
const OWNERSHIP = [16, 48]; // in struct statx: links, owner, mode, inode, size
const CHANGES = [96, 128]; // the times of change and of modification

export class ScriptFile {
  #libc;
  #text;
  #pathBytes;
  #path;
  #written = Buffer.alloc(STATX_SIZE);
  #found = Buffer.alloc(STATX_SIZE);
  #foundAddress = getRawPointer(this.#found);
  #exists = false; // it could be written
  #writtenAt = 0n;
  #isSettled = false; // the tick in which it was written is over
  #isDoubtful = false; // a run has begun before that

  /** `text` is the script as it was uploaded. */
  constructor(libc, folder, name, text) {
    this.#libc = libc;
    this.folder = folder;
    this.name = name;
    this.#text = text;
    this.#pathBytes = pathOf(`${folder}/${name}`);
    this.#path = getRawPointer(this.#pathBytes);
  }

  /** Writes the file anew. It is missing afterwards if it does not fit into the folder. */
  write() {
    const libc = this.#libc;
    libc.unlink(this.#pathBytes);
    const fd = libc.create(this.#pathBytes, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, READ_ONLY);
    this.#exists = fd >= 0 && libc.writeAll(fd, Buffer.from(this.#text));
    if (fd >= 0) libc.close(fd);
    if (!this.#exists) libc.unlink(this.#pathBytes);
    if (this.#look()) this.#found.copy(this.#written);
    this.#writtenAt = hrtime();
    this.#isSettled = this.#isDoubtful = false;
  }

  /** Before a run: notes whether the run could change the file without a trace. */
  beforeRun() {
    if (this.#isSettled) return;
    this.#isSettled = hrtime() - this.#writtenAt > TICK;
    this.#isDoubtful ||= !this.#isSettled;
  }

  /** After a run: whether the file is as it was written. */
  isIntact() {
    if (!this.#look()) return !this.#exists;
    return this.#exists && this.#isSame(OWNERSHIP) && this.#isSame(CHANGES) && !(this.#isDoubtful && this.#isOtherText());
  }

  /** Reads what the kernel knows of the file. Returns false if there is none. */
  #look() {
    return this.#libc.statx(-1, this.#path, AT_SYMLINK_NOFOLLOW, BASIC_STATS, this.#foundAddress) === 0;
  }

  #isSame([start, end]) {
    return this.#found.compare(this.#written, start, end, start, end) === 0;
  }

  #isOtherText() {
    this.#isDoubtful = false; // until the next run that begins early
    try {
      return readFileSync(`${this.folder}/${this.name}`, 'utf8') !== this.#text;
    } catch {
      return true; // it is gone
    }
  }
}
