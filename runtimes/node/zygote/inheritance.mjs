// Forks once before anything depends on it, to learn what a child inherits.
//
// libuv replaces the pipe of its signal lock in every forked child (pthread_atfork); every other descriptor that node
// had opened before is shared with the zygote and must be made harmless in a child. Which is which is seen here:
// the pipes that are others in the child than in the zygote are the child's own. A child that does not come through
// means a sandbox in which node cannot be forked, and is told before the first script.
import { fstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { findGenerator } from '../kernel/randomness.mjs';
import { endEverybody } from './reap.mjs';

const STANDARD = 3;

/** Descriptors that are open now, without the standard ones. */
function openDescriptors() {
  return readdirSync('/proc/self/fd').map(Number).filter((fd) => {
    if (fd < STANDARD) return false;
    try {
      fstatSync(fd);
      return true;
    } catch {
      return false; // the one that listed them
    }
  });
}

const identityOf = (fd) => readlinkSync(`/proc/self/fd/${fd}`);

/** Answers `{shared, generator}`: the descriptors that children share, and where V8's generator lies (or null). */
export function rehearseFork(libc, v8) {
  const inherited = openDescriptors();
  const identities = inherited.map(identityOf);
  const [readEnd, writeEnd] = libc.pipe();
  const pid = libc.forkWaiting();
  if (pid === 0) {
    const own = inherited.filter((fd, at) => identityOf(fd) !== identities[at]);
    libc.renewLoop();
    libc.writeAll(writeEnd, Buffer.from(JSON.stringify({ own, generator: findGenerator(v8)?.toString() ?? null })));
    libc._exit(0);
  }
  libc.close(writeEnd);
  const report = readFileSync(readEnd, 'utf8');
  libc.close(readEnd);
  const { exitCode, signal } = endEverybody(libc, pid);
  if (exitCode !== 0) {
    throw new Error(`a forked node does not live here (${signal === null ? `exit code ${exitCode}` : `signal ${signal}`}): `
      + 'the seccomp filter must turn madvise(MADV_DONTFORK) into a no-op');
  }
  const { own, generator } = JSON.parse(report);
  return {
    shared: inherited.filter((fd) => !own.includes(fd)),
    generator: generator === null ? null : BigInt(generator),
  };
}
