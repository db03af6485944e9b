// Makes the process of one invocation, ahead of the call: it comes up, gets its own descriptors, and waits for its
// order on a pipe of its own.
//
// Descriptors of a child when a script runs in it: 0 is /dev/null; 1 and 2 are pipes to the zygote; a high number is
// the result pipe, closed on exec; a few low numbers are libuv's own; and /dev/null lies over every descriptor that
// node had opened in the zygote before (not closed: libuv aborts when it wakes a loop whose descriptor is bad).
import { O_CLOEXEC, O_RDONLY, O_RDWR, O_WRONLY, pathOf } from '../kernel/libc.mjs';
import { getRawPointer } from '../kernel/primordials.mjs';

const F_DUPFD_CLOEXEC = 1030;
const HIGH = 1000;
const PR_SET_DUMPABLE = 4;
const PROCESS_CLOCK = 2; // with the complement of a process' number above it: clock_getcpuclockid(3)
const PAGE = 4096;
const numbers = Buffer.alloc(128);
const numbersAddress = getRawPointer(numbers);
const NOTHING = pathOf('/dev/null');
const OWN_SCORE = pathOf('/proc/self/oom_score_adj');
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
  #statm = -1;

  /** Processor time that `usage` has told, in microseconds. */
  toldMicroseconds = 0;

  /**
   * What the living process has used: processor time since the last time, resident memory now. The kernel tells,
   * not the process.
   */
  usage() {
    const libc = this.#libc;
    libc.must('clock_gettime', libc.clock_gettime((~this.pid << 3) | PROCESS_CLOCK, numbersAddress));
    const used = Math.round(Number(numbers.readBigInt64LE(0)) * 1e6 + Number(numbers.readBigInt64LE(8)) / 1e3);
    const cpuMicroseconds = used - this.toldMicroseconds;
    this.toldMicroseconds = used;
    if (this.#statm < 0) this.#statm = libc.must('open', libc.open(pathOf(`/proc/${this.pid}/statm`), O_RDONLY | O_CLOEXEC));
    const length = libc.must('pread', libc.pread(this.#statm, numbersAddress, BigInt(numbers.length), 0n));
    return { cpuMicroseconds, maxRssBytes: Number(numbers.latin1Slice(0, length).split(' ')[1]) * PAGE };
  }

  /** Closes the zygote's descriptors of it. */
  close() {
    this.closeOrder();
    if (this.#statm >= 0) this.#libc.close(this.#statm);
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
  const nothing = libc.must('open', libc.open(NOTHING, O_RDWR | O_CLOEXEC));
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
  const fd = libc.open(OWN_SCORE, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return;
  libc.writeAll(fd, MOST_KILLABLE);
  libc.close(fd);
}
