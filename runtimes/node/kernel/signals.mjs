// Keeps signals from the zygote. The kernel drops every signal that process 1 of a pid namespace has no handler for
// when it comes from inside; node has handlers for a few, so those are ignored here and given back in each child.
// (SIGUSR1 would open the inspector: node must run with --disable-sigusr1.)
import { getRawPointer } from './primordials.mjs';

const SIGACTION_SIZE = 152;
const SIGSET_SIZE = 128;
const SIG_SETMASK = 2;
const SIG_IGN = 1n;
const handledByNode = [2 /* SIGINT */, 11 /* SIGSEGV, for WebAssembly traps */, 15 /* SIGTERM */];

/** Ignores node's signals from here on. Answers a function that undoes it, for the child. */
export function ignoreSignals(libc) {
  const saved = handledByNode.map((signal) => {
    const action = Buffer.alloc(SIGACTION_SIZE);
    libc.must('sigaction', libc.sigaction(signal, 0n, getRawPointer(action)));
    libc.signal(signal, SIG_IGN);
    return { signal, action };
  });
  const none = Buffer.alloc(SIGSET_SIZE);
  return () => {
    for (const { signal, action } of saved) libc.sigaction(signal, getRawPointer(action), 0n);
    libc.sigprocmask(SIG_SETMASK, getRawPointer(none), 0n); // --disable-sigusr1 blocks SIGUSR1 in the whole process
  };
}
