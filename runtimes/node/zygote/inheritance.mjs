// Forks once, before the first script, to learn what a child inherits from the zygote.
//
// Theory of operation: libuv replaces the pipe of its signal lock in every forked child (pthread_atfork). Every
// other descriptor that node had opened is shared by zygote and child, and the child must make it harmless. The trial child
// tells the two kinds apart: a pipe that is a different one in the child than in the zygote is the child's own. If the trial
// child fails, node cannot be forked in this sandbox, and the zygote says so before any script comes.
import { fstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { O_CLOEXEC } from '../kernel/libc.mjs';
import { findGenerator } from '../kernel/randomness.mjs';
import { killAll } from './reap.mjs';

const STANDARD = 3;

/** The open descriptors, except the standard ones. */
export function openDescriptors() {
  return readdirSync('/proc/self/fd').map(Number).filter((fd) => {
    if (fd < STANDARD) return false;
    try {
      fstatSync(fd);
      return true;
    } catch {
      return false; // the descriptor that readdirSync itself used
    }
  });
}

const identityOf = (fd) => readlinkSync(`/proc/self/fd/${fd}`);

/**
 * Returns `{own, shared, generator}`: the descriptors that each child has to itself, those that children share, and the
 * address of V8's generator, or null.
 */
export function learnInheritance(libc, v8) {
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
  const { exitCode, signal } = killAll(libc, pid);
  if (exitCode !== 0) {
    throw new Error(`a forked node does not live here (${signal === null ? `exit code ${exitCode}` : `signal ${signal}`}): `
      + 'the seccomp filter must turn madvise(MADV_DONTFORK) into a no-op');
  }
  const { own, generator } = JSON.parse(report);
  return {
    own,
    shared: inherited.filter((fd) => !own.includes(fd)),
    generator: generator === null ? null : BigInt(generator),
  };
}

/** In a child: replaces the descriptors that it shares with its parent by `devNull`. */
export function sever(libc, shared, devNull) {
  for (const fd of shared) libc.must('dup3', libc.dup3(devNull, fd, O_CLOEXEC));
}
