// The script as a file, where `__filename` says that it is, so that a Worker, a forked process or a stack reader can open it.
//
// Theory of operation: the file lies in /tmp, which each run may change and the zygote restores. It is written once, and kept
// while it is as it was written: the same inode, mode and time of change. No process can set the time of change. But the kernel
// takes that time from a clock that ticks every few milliseconds, so a change within the same tick does not show. So after a run
// that has begun so early, the content is compared as well. Nothing of this is done before a run, or before its reply.
import { lstatSync, readFileSync } from 'node:fs';
import { O_CLOEXEC, O_CREAT, O_EXCL, O_WRONLY, pathOf } from '../kernel/libc.mjs';
import { hrtime } from '../kernel/primordials.mjs';

const READ_ONLY = 0o444;
const TICK = 50_000_000n; // nanoseconds: several of the kernel's ticks

export class ScriptFile {
  #libc;
  #text;
  #stat = undefined; // as it was written; undefined: it could not be written
  #written = 0n;
  #isCertain = false; // no run has begun within the tick in which it was written

  /** `text` is the script as it was uploaded. */
  constructor(libc, folder, name, text) {
    this.#libc = libc;
    this.folder = folder;
    this.name = name;
    this.path = `${folder}/${name}`;
    this.#text = text;
  }

  /** Writes the file anew. It is missing afterwards if it does not fit into the folder. */
  write() {
    const libc = this.#libc;
    const path = pathOf(this.path);
    libc.unlink(path);
    const fd = libc.create(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, READ_ONLY);
    const isWritten = fd >= 0 && libc.writeAll(fd, Buffer.from(this.#text));
    if (fd >= 0) libc.close(fd);
    if (!isWritten) libc.unlink(path);
    this.#stat = isWritten ? this.#look() : undefined;
    this.#written = hrtime();
    this.#isCertain = true;
  }

  /** Before a run: notes whether the run could change the file without a trace. */
  beforeRun() {
    if (this.#isCertain && hrtime() - this.#written < TICK) this.#isCertain = false;
  }

  /** After a run: whether the file is as it was written. */
  isIntact() {
    const before = this.#stat, now = this.#look();
    if (before === undefined || now === undefined) return before === now;
    const isSame = before.ino === now.ino && before.ctimeNs === now.ctimeNs && before.mode === now.mode && before.size === now.size;
    return isSame && (this.#isCertain || this.#isSameText());
  }

  #look() {
    return lstatSync(this.path, { bigint: true, throwIfNoEntry: false });
  }

  #isSameText() {
    this.#isCertain = readFileSync(this.path, 'utf8') === this.#text;
    return this.#isCertain;
  }
}
