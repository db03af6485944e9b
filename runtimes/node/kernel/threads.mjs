// Waits until the short-lived threads of node have ended.
//
// Theory of operation: when its module `tls` is loaded (by `https`, `http2`, or an import of `http`), node reads
// certificates on a separate thread (startLoadingCertificatesOffThread, lib/tls.js). fork(2) copies only the thread that
// calls it. If another thread holds a lock at that moment, nothing ever releases the lock in the child, and the child may
// wait for it for ever.
import { readdirSync } from 'node:fs';

const PATIENCE = 10_000; // milliseconds, in steps of one

/** The number of threads of this process. */
export const countThreads = () => readdirSync('/proc/self/task').length;

/** Returns when at most `count` threads are left. Throws after `patience` milliseconds. */
export function awaitThreads(libc, count, patience = PATIENCE) {
  for (let waited = 0; countThreads() > count; waited++) {
    if (waited === patience) throw new Error('a thread of node does not end, and none can be forked beside it');
    libc.poll(0n, 0n, 1);
  }
}
