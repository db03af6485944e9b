// Makes the process of one invocation, ahead of the call: it comes up, gets its own descriptors, and waits for its
// order on a pipe of its own.
//
// Descriptors of a child when a script runs in it: 0 is /dev/null; 1 and 2 are pipes to the zygote; a high number is
// the result pipe, closed on exec; a few low numbers are libuv's own; and /dev/null lies over every descriptor that
// node had opened in the zygote before (not closed: libuv aborts when it wakes a loop whose descriptor is bad).
import { O_CLOEXEC, O_RDWR, O_WRONLY } from './libc.mjs';

const F_DUPFD_CLOEXEC = 1030;
const HIGH = 1000;
const PR_SET_DUMPABLE = 4;
const MOST_KILLABLE = Buffer.from('1000');

/** The zygote's side of a child: read ends of its pipes, write end of its order pipe, pidfd. */
export class Child {
  constructor(libc, pid, order, pipes) {
    this.#libc = libc;
    this.pid = pid;
    this.order = order;
    this.pipes = pipes;
    this.pidfd = libc.pidfdOpen(pid);
  }

  #libc;

  /** Closes the zygote's descriptors of it. */
  close() {
    this.closeOrder();
    for (const fd of [...this.pipes, this.pidfd]) this.#libc.close(fd);
  }

  closeOrder() {
    if (this.order >= 0) this.#libc.close(this.order);
    this.order = -1;
  }
}

/** The child's own side: read end of its order pipe, write end of its result pipe. */
export class Ends {
  constructor(order, result) {
    this.order = order;
    this.result = result;
  }
}

/**
 * Forks. Answers a Child in the zygote, and in the child its Ends. `shared` is what the rehearsal saw, `restoreSignals`
 * undoes the zygote's signal handling.
 */
export function forkChild(libc, { shared, restoreSignals }) {
  const order = libc.pipe();
  const streams = [libc.pipe(), libc.pipe(), libc.pipe()];
  const pid = libc.forkWaiting();
  if (pid > 0) {
    libc.close(order[0]);
    for (const [, writeEnd] of streams) libc.close(writeEnd);
    return new Child(libc, pid, order[1], streams.map(([readEnd]) => readEnd));
  }
  restoreSignals();
  libc.close(order[1]);
  for (const [readEnd] of streams) libc.close(readEnd);
  const [[, stdout], [, stderr], [, result]] = streams;
  const ends = new Ends(toHighNumber(libc, order[0]), toHighNumber(libc, result));
  const nothing = libc.must('open', libc.open('/dev/null', O_RDWR | O_CLOEXEC, 0));
  libc.must('dup2', libc.dup2(nothing, 0));
  libc.must('dup2', libc.dup2(stdout, 1));
  libc.must('dup2', libc.dup2(stderr, 2));
  for (const fd of [stdout, stderr]) libc.close(fd);
  for (const fd of shared) libc.must('dup3', libc.dup3(nothing, fd, O_CLOEXEC));
  libc.close(nothing);
  libc.renewLoop();
  libc.setsid();
  libc.prctl(PR_SET_DUMPABLE, 1n, 0n, 0n, 0n);
  bePreferredVictim(libc);
  return ends;
}

/** Out of the way of the descriptors that scripts open; stays where it is under a low RLIMIT_NOFILE. */
function toHighNumber(libc, fd) {
  const high = libc.fcntl(fd, F_DUPFD_CLOEXEC, HIGH);
  if (high < 0) return fd;
  libc.close(fd);
  return high;
}

/** Out of memory, the kernel kills the script before the zygote. */
function bePreferredVictim(libc) {
  const fd = libc.open('/proc/self/oom_score_adj', O_WRONLY | O_CLOEXEC, 0);
  if (fd < 0) return;
  libc.writeAll(fd, MOST_KILLABLE);
  libc.close(fd);
}
