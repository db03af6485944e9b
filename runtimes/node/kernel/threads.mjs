// Waits for the threads that node has started for a moment.
//
// Theory of operation: as soon as its module `tls` is loaded (by `https`, `http2`, an import of `http`), node reads certificates in a
// thread of its own (startLoadingCertificatesOffThread, lib/tls.js). fork(2) copies the thread that calls it alone: a lock that
// another one holds at that moment is never released in the child, and who waits there for its end waits for ever.
import { readdirSync } from 'node:fs';

const PATIENCE = 10_000; // milliseconds

/** How many threads this process has. */
export const countThreads = () => readdirSync('/proc/self/task').length;

/** Returns when no more than so many are left. Throws when that takes too long. */
export function awaitThreads(libc, count) {
  for (let waited = 0; countThreads() > count; waited++) {
    if (waited === PATIENCE) throw new Error('a thread of node does not end, and none can be forked beside it');
    libc.poll(0n, 0n, 1);
  }
}
