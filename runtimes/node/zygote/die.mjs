// Ends a process of the runtime that cannot go on: says why on stderr, and exits with the status that tells the server.
import { BrokenPeer } from './frames.mjs';

const BROKEN_PEER = 70; // exit codes: see zygote.mjs
const BROKEN_PROMISE = 71;

export function die(libc, error) {
  libc.writeAll(2, Buffer.from(`${error.stack}\n`));
  libc._exit(error instanceof BrokenPeer ? BROKEN_PEER : BROKEN_PROMISE);
}
