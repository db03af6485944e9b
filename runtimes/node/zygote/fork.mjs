// Forks a child ahead of its run. The child sets itself up, takes descriptors of its own, and then waits for its order on a
// pipe of its own.
//
// The descriptors of a child while its script runs: 0 is /dev/null; 1 and 2 are pipes to the zygote; a high number is the
// result pipe, closed on exec; a few low numbers belong to libuv. Every descriptor that node had opened in the zygote is
// replaced by /dev/null. It is not closed, because libuv aborts when it wakes a loop whose descriptor is bad.
import { O_CLOEXEC, O_RDONLY, O_RDWR, O_WRONLY, pathOf } from '../kernel/libc.mjs';
import { getRawPointer } from '../kernel/primordials.mjs';
import { sever } from './inheritance.mjs';

const F_DUPFD_CLOEXEC = 1030;
const HIGH = 1000; // the lowest number that `toHighNumber` gives
const PR_SET_DUMPABLE = 4;
const PROCESS_CLOCK = 2; // a clock id is this plus the pid's complement, shifted by 3: see clock_getcpuclockid(3)
const PAGE = 4096;
const numbers = Buffer.alloc(128);
const numbersAddress = getRawPointer(numbers);
const DEV_NULL = pathOf('/dev/null');
const OOM_SCORE = pathOf('/proc/self/oom_score_adj');
const HIGHEST_OOM_SCORE = Buffer.from('1000');

/** The zygote's side of a child: the read ends of its pipes, the write end of its order pipe, its pidfd. */
export class ChildHandle {
  constructor(libc, pid, order, pipes) {
    this.#libc = libc;
    this.pid = pid;
    this.order = order;
    this.pipes = pipes;
    this.pidfd = libc.pidfdOpen(pid);
  }

  #libc;
  #statm = -1;

  /** Processor time that `usage` has reported so far, in microseconds. */
  reportedMicroseconds = 0;

  /** What the living child has used, as the kernel counts it: processor time since the last report, resident memory now. */
  usage() {
    const libc = this.#libc;
    libc.must('clock_gettime', libc.clock_gettime((~this.pid << 3) | PROCESS_CLOCK, numbersAddress));
    const used = Math.round(Number(numbers.readBigInt64LE(0)) * 1e6 + Number(numbers.readBigInt64LE(8)) / 1e3);
    const cpuMicroseconds = used - this.reportedMicroseconds;
    this.reportedMicroseconds = used;
    if (this.#statm < 0) this.#statm = libc.must('open', libc.open(pathOf(`/proc/${this.pid}/statm`), O_RDONLY | O_CLOEXEC));
    const length = libc.must('pread', libc.pread(this.#statm, numbersAddress, BigInt(numbers.length), 0n));
    return { cpuMicroseconds, maxRssBytes: Number(numbers.latin1Slice(0, length).split(' ')[1]) * PAGE };
  }

  /** Closes the zygote's descriptors of the child. */
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

/** The child's own side: the read end of its order pipe, the write end of its result pipe. */
export class Ends {
  constructor(order, result) {
    this.order = order;
    this.result = result;
  }
}

/** The own side of a concurrent child: the descriptors on which it speaks with the server. */
export class DirectEnds {
  constructor(orders, frames) {
    this.orders = orders;
    this.frames = frames;
  }
}

/**
 * Forks. Returns a ChildHandle in the zygote, and Ends in the child. `shared` are the descriptors that children share
 * (inheritance.mjs). `restoreSignals` undoes the zygote's signal handling.
 */
export function forkChild(libc, { shared, restoreSignals }) {
  const order = libc.pipe();
  const streams = [libc.pipe(), libc.pipe(), libc.pipe()];
  const pid = libc.forkWaiting();
  if (pid > 0) {
    libc.close(order[0]);
    for (const [, writeEnd] of streams) libc.close(writeEnd);
    return new ChildHandle(libc, pid, order[1], streams.map(([readEnd]) => readEnd));
  }
  libc.close(order[1]);
  for (const [readEnd] of streams) libc.close(readEnd);
  const [[, stdout], [, stderr], [, result]] = streams;
  const ends = new Ends(toHighNumber(libc, order[0]), toHighNumber(libc, result));
  settle(libc, stdout, stderr, shared, restoreSignals);
  return ends;
}

/**
 * Forks a concurrent child, which gets the zygote's own descriptors 0 and 1. The zygote must not use them while the child lives.
 * Returns a ChildHandle in the zygote, and DirectEnds in the child.
 */
export function forkDirectChild(libc, { shared, restoreSignals }) {
  const streams = [libc.pipe(), libc.pipe()];
  const pid = libc.forkWaiting();
  if (pid > 0) {
    for (const [, writeEnd] of streams) libc.close(writeEnd);
    return new ChildHandle(libc, pid, -1, streams.map(([readEnd]) => readEnd));
  }
  for (const [readEnd] of streams) libc.close(readEnd);
  const ends = new DirectEnds(aboveLowNumbers(libc, 0), aboveLowNumbers(libc, 1));
  settle(libc, streams[0][1], streams[1][1], shared, restoreSignals);
  return ends;
}

/** Puts descriptors out of reach under high numbers, and /dev/null in their places. Returns a function that undoes it. */
export function putAside(libc, descriptors) {
  const aside = descriptors.map((fd) => aboveLowNumbers(libc, fd));
  const devNull = libc.must('open', libc.open(DEV_NULL, O_RDWR | O_CLOEXEC));
  for (const fd of descriptors) libc.must('dup2', libc.dup2(devNull, fd));
  libc.close(devNull);
  return () => {
    descriptors.forEach((fd, at) => {
      libc.must('dup2', libc.dup2(aside[at], fd));
      libc.close(aside[at]);
    });
  };
}

/** In the child: makes it a process of its own, with these two pipes as its standard streams. */
function settle(libc, stdout, stderr, shared, restoreSignals) {
  restoreSignals();
  const devNull = libc.must('open', libc.open(DEV_NULL, O_RDWR | O_CLOEXEC));
  libc.must('dup2', libc.dup2(devNull, 0));
  libc.must('dup2', libc.dup2(stdout, 1));
  libc.must('dup2', libc.dup2(stderr, 2));
  for (const fd of [stdout, stderr]) libc.close(fd);
  sever(libc, shared, devNull);
  libc.close(devNull);
  libc.renewLoop();
  libc.setsid();
  libc.prctl(PR_SET_DUMPABLE, 1n, 0n, 0n, 0n);
  beFirstOomVictim(libc);
}

/** A copy of a descriptor under a number that scripts do not use, or under a low RLIMIT_NOFILE under any free number. */
function aboveLowNumbers(libc, fd) {
  const high = libc.fcntl(fd, F_DUPFD_CLOEXEC, HIGH);
  return high >= 0 ? high : libc.must('fcntl', libc.fcntl(fd, F_DUPFD_CLOEXEC, 3));
}

/** Moves a descriptor away from the low numbers that scripts use. Under a low RLIMIT_NOFILE it stays where it is. */
function toHighNumber(libc, fd) {
  const high = libc.fcntl(fd, F_DUPFD_CLOEXEC, HIGH);
  if (high < 0) return fd;
  libc.close(fd);
  return high;
}

/** Makes the kernel kill this process before the zygote when memory runs out. */
function beFirstOomVictim(libc) {
  const fd = libc.open(OOM_SCORE, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return;
  libc.writeAll(fd, HIGHEST_OOM_SCORE);
  libc.close(fd);
}
