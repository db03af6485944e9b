// Protects the zygote from signals that a script sends. The kernel drops a signal from inside a pid namespace to its
// process 1 unless that process has a handler for it. node installs a few handlers, so the zygote ignores those signals,
// and each child gets node's handlers back. SIGUSR1 would open the inspector: node must run with --disable-sigusr1.
import { getRawPointer } from './primordials.mjs';

const SIGACTION_SIZE = 152;
const SIGSET_SIZE = 128;
const SIG_SETMASK = 2;
const SIG_IGN = 1n;
const handledByNode = [2 /* SIGINT */, 11 /* SIGSEGV, for WebAssembly traps */, 15 /* SIGTERM */];

/** Ignores node's signals from now on. Returns a function that undoes this, for a child to call. */
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
