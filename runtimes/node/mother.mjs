// The mother of node zygotes: process 1 of a pid namespace, which forks one zygote for each order and never runs a line of a
// script. Speaks runtimes/PROTOCOL.md ("The mother") on its stdin and stdout. Start it with the flags of zygote.mjs:
//
//   node --no-warnings --experimental-ffi --v8-pool-size=0 --single-threaded --disable-sigusr1 mother.mjs [milliseconds] \
//     [--preload=MODULE]...
//
// zygote.mjs explains the arguments. The modules are loaded once, in the mother.
//
// Her seccomp filter must return 0 for madvise(MADV_DONTFORK), or a child has no heap. It should refuse io_uring, because her
// children would share the ring.
//
// Exit codes of the mother: 0 the end of stdin; 70 the server has broken the protocol; 71 she cannot go on, because the server
// wants an unknown call, a module cannot be loaded ahead, or node cannot be forked here; 72 not process 1. Exit codes of a child
// before READY: 0 the server is gone; 71 it has no connection to the server, or one of its calls has failed. The reason is on
// stderr.
import { serve } from './mother/start.mjs';

serve();
