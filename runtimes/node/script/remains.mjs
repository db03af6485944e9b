// What the loading of a library leaves behind in a process whose forks serve scripts.
//
// Theory of operation: a fork copies only the thread that calls it, and closes inherited files. So a library that leaves a thread, an open
// file, or something that the event loop waits for, would hang or fail later, in a script that has done nothing wrong.
import { fstatSync, readdirSync, readlinkSync } from 'node:fs';
import { process } from '../kernel/primordials.mjs';
import { awaitThreads, countThreads } from '../kernel/threads.mjs';

const LONGEST_WAIT = 1000; // milliseconds, for a thread that is about to end

export class Remains {
  #threads = countThreads();
  #files = openFiles();
  #waits = process.getActiveResourcesInfo().length;

  /** What was left since the construction, as the end of a sentence; null: nothing. */
  left(libc) {
    try {
      awaitThreads(libc, this.#threads, LONGEST_WAIT);
    } catch {
      return `${countThreads() - this.#threads} threads, which a fork does not have`;
    }
    for (const [fd, path] of openFiles()) {
      if (this.#files.get(fd) !== path) return `${path} open, which a fork does not have`;
    }
    const waits = process.getActiveResourcesInfo();
    return waits.length > this.#waits ? `something that the event loop waits for (${waits.at(-1)})` : null;
  }
}

/** The path of each open file by its descriptor. */
function openFiles() {
  const files = new Map();
  for (const fd of readdirSync('/proc/self/fd').map(Number)) {
    try {
      fstatSync(fd);
      files.set(fd, readlinkSync(`/proc/self/fd/${fd}`));
    } catch { /* the descriptor that readdirSync itself used */ }
  }
  return files;
}
