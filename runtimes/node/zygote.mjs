// The node zygote: process 1 of a sandbox, which forks once for every run. Speaks runtimes/PROTOCOL.md on its stdin and
// stdout. Start it with exactly these flags:
//
//   node --no-warnings --experimental-ffi --v8-pool-size=0 --single-threaded --disable-sigusr1 zygote.mjs [milliseconds] \
//     [--preload=MODULE]...
//
// The first argument limits how long restoring the folders may take between two runs; the default is 50. Each module is loaded before
// READY, from /node_modules.
//
// --v8-pool-size=0, --single-threaded   without them a child waits for threads, which a fork does not copy
// --disable-sigusr1                     without it a script could open the zygote's inspector by a signal
// --experimental-ffi, --no-warnings     node:ffi calls the C library (kernel/libc.mjs), and would warn on stderr
//
// The sandbox's seccomp filter must return 0 for madvise(MADV_DONTFORK), or a child has no heap.
//
// Exit codes: 0 the end of stdin, or after an END that was the last; 70 the server has broken the protocol; 71 the zygote
// cannot keep the promise of END or load a module ahead, or node cannot be forked here; 72 not process 1. The reason is on stderr.
import { serve } from './zygote/start.mjs';

serve();
