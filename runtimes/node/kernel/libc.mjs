// The C library and libuv by FFI: what node's own API cannot do (fork, pipes, poll, wait4), called on numbers and
// buffers. This file exports no state and no handle: a script can import it, but gets nothing that `node:ffi` does not
// offer the script anyway.
//
// Lengths pass as 64-bit integers. Results are 32-bit: no call here moves 2 GiB at once.
import { dlopen, getCurrentEventLoop, getInt32 as readInt32 } from 'node:ffi';
import { getRawPointer, lengthOf, process, toBigInt } from './primordials.mjs';

const getInt32 = readInt32;

export const EINTR = 4;
export const EAGAIN = 11;
export const ECHILD = 10;

export const O_RDONLY = 0;
export const O_WRONLY = 1;
export const O_RDWR = 2;
export const O_DIRECTORY = process.arch === 'arm64' ? 0o40000 : 0o200000;
export const O_NOFOLLOW = process.arch === 'arm64' ? 0o100000 : 0o400000;
export const O_CREAT = 0o100;
export const O_EXCL = 0o200;
export const O_CLOEXEC = 0o2000000;
export const AT_SYMLINK_NOFOLLOW = 0x100;
export const POLLIN = 1;
export const POLLOUT = 4;

// Addresses are declared as `u64`: converting a `pointer` takes JavaScript code in node:ffi, which costs more than the call.
const signatures = {
  fork: ['i32', []],
  _exit: ['void', ['i32']],
  getpid: ['i32', []],
  setsid: ['i32', []],
  kill: ['i32', ['i32', 'i32']],
  wait4: ['i32', ['i32', 'u64', 'i32', 'u64']],
  prctl: ['i32', ['i32', 'u64', 'u64', 'u64', 'u64']],
  signal: ['pointer', ['i32', 'u64']],
  sigaction: ['i32', ['i32', 'u64', 'u64']],
  sigprocmask: ['i32', ['i32', 'u64', 'u64']],
  pipe2: ['i32', ['buffer', 'i32']],
  open: ['i32', ['u64', 'i32', 'i32']],
  close: ['i32', ['i32']],
  dup2: ['i32', ['i32', 'i32']],
  dup3: ['i32', ['i32', 'i32', 'i32']],
  fcntl: ['i32', ['i32', 'i32', 'i32']],
  read: ['i32', ['i32', 'u64', 'u64']],
  write: ['i32', ['i32', 'u64', 'u64']],
  poll: ['i32', ['u64', 'u64', 'i32']],
  syscall: ['i32', ['i64', 'i64', 'i64']],
  socket: ['i32', ['i32', 'i32', 'i32']],
  connect: ['i32', ['i32', 'u64', 'i32']],
  openat: ['i32', ['i32', 'u64', 'i32', 'i32']],
  unlinkat: ['i32', ['i32', 'u64', 'i32']],
  renameat: ['i32', ['i32', 'u64', 'i32', 'u64']],
  fchmod: ['i32', ['i32', 'u32']],
  fchmodat: ['i32', ['i32', 'u64', 'u32', 'i32']],
  lseek: ['i32', ['i32', 'i64', 'i32']],
  getdents64: ['i32', ['i32', 'buffer', 'u64']],
  flistxattr: ['i32', ['i32', 'buffer', 'u64']],
  fremovexattr: ['i32', ['i32', 'u64']],
  __errno_location: ['pointer', []],
  getrandom: ['i32', ['buffer', 'u64', 'u32']],
  statx: ['i32', ['i32', 'u64', 'i32', 'u32', 'u64']],
  ioctl: ['i32', ['i32', 'u64', 'u64']],
  usleep: ['i32', ['u32']],
  uv_loop_fork: ['i32', ['u64']],
  uv_update_time: ['void', ['u64']],
  uv_loop_alive: ['i32', ['u64']],
  clock_gettime: ['i32', ['i32', 'u64']],
  pread: ['i32', ['i32', 'u64', 'u64', 'i64']],
};

const PIDFD_OPEN = 434n; // the same number on every architecture
const PR_SET_NAME = 15;
const FIONREAD = 0x541bn;

/** The names that `ps` shows: the mother of zygotes, process 1, a child that waits for its order, a child that has one. */
export const MOTHER = 'faas-mother';
export const ZYGOTE = 'faas-zygote';
export const WAITING = 'faas-waiting';
export const SCRIPT = 'faas-script';
export const TRIAL = 'faas-trial';

/** A path as system calls take it. */
export const pathOf = (text) => Buffer.from(`${text}\0`);

const names = new Map([MOTHER, ZYGOTE, WAITING, SCRIPT, TRIAL].map((name) => [name, pathOf(name)]));

/** A system call failed where it must not. */
export class SystemCallError extends Error {
  constructor(call, errno) {
    super(`${call} failed, errno ${errno}`);
    this.name = 'SystemCallError';
    this.errno = errno;
  }
}

/** Opens the C library of this process. */
export function loadLibc() {
  const definitions = {};
  for (const [name, [result, parameters]] of Object.entries(signatures)) {
    definitions[name] = { return: result, arguments: parameters };
  }
  return libcOf({ ...dlopen(null, definitions).functions });
}

/** The same functions without effect: each system call returns 0, except those that `calls` replaces. */
export function idleLibc(calls) {
  const idle = {};
  for (const name of Object.keys(signatures)) idle[name] = () => 0;
  return libcOf({ ...idle, ...calls });
}

function libcOf(c) {
  const loop = getCurrentEventLoop();
  const errno = () => getInt32(c.__errno_location());
  const must = (call, result) => {
    if (result < 0) throw new SystemCallError(call, errno());
    return result;
  };
  const polled = Buffer.alloc(8);
  const polledAddress = getRawPointer(polled);

  function pollOne(fd, events, timeout) {
    polled.writeInt32LE(fd, 0);
    polled.writeInt16LE(events, 4);
    return c.poll(polledAddress, 1n, timeout);
  }

  /** Waits until a descriptor is ready: a script may have made it non-blocking. */
  const waitFor = (fd, events) => pollOne(fd, events, -1);

  return {
    ...c,
    errno,
    must,

    /** True when the descriptor has bytes to read or is at its end. */
    isReadable: (fd) => pollOne(fd, POLLIN, 0) > 0,

    /** open(2) of a `pathOf`. */
    open: (path, flags) => c.open(getRawPointer(path), flags, 0),

    /** open(2) of a `pathOf`, for a new file. */
    create: (path, flags, mode) => c.open(getRawPointer(path), flags, mode),

    /** unlink(2) of an absolute `pathOf`. */
    unlink: (path) => c.unlinkat(-1, getRawPointer(path), 0),

    /** Reads up to `length` bytes into `bytes` at `offset`. Returns 0 at the end of the file, -1 on an error that is final. */
    readSome(fd, bytes, offset, length) {
      const address = getRawPointer(bytes) + toBigInt(offset);
      for (;;) {
        const count = c.read(fd, address, toBigInt(length));
        if (count >= 0) return count;
        const error = errno();
        if (error === EAGAIN) waitFor(fd, POLLIN);
        else if (error !== EINTR) return -1;
      }
    },

    /** Writes all bytes, and blocks until they are written. Returns false when the other end is closed. */
    writeAll(fd, bytes, length = lengthOf(bytes)) {
      const address = getRawPointer(bytes);
      for (let done = 0; done < length;) {
        const count = c.write(fd, address + toBigInt(done), toBigInt(length - done));
        if (count >= 0) {
          done += count;
          continue;
        }
        const error = errno();
        if (error === EAGAIN) waitFor(fd, POLLOUT);
        else if (error !== EINTR) return false;
      }
      return true;
    },

    /** How many bytes wait in a pipe to be read, seen from either end; -1 where that cannot be told. */
    waitingIn: (fd) => (c.ioctl(fd, FIONREAD, polledAddress) < 0 ? -1 : polled.readInt32LE(0)),

    /** Gives this process one of the names above. */
    setName: (name) => c.prctl(PR_SET_NAME, getRawPointer(names.get(name)), 0n, 0n, 0n),

    /** Makes a pipe, `[readEnd, writeEnd]`, closed on exec. */
    pipe() {
      const ends = Buffer.alloc(8);
      must('pipe2', c.pipe2(ends, O_CLOEXEC));
      return [ends.readInt32LE(0), ends.readInt32LE(4)];
    },

    /** Random bytes from the kernel. */
    randomBytes(count) {
      const bytes = Buffer.alloc(count);
      if (must('getrandom', c.getrandom(bytes, BigInt(count), 0)) !== count) throw new SystemCallError('getrandom', 0);
      return bytes;
    },

    /** A descriptor that becomes readable when the process ends. */
    pidfdOpen: (pid) => must('pidfd_open', c.syscall(PIDFD_OPEN, toBigInt(pid), 0n)),

    /** fork(2). The child has the name WAITING from its first moment. */
    forkWaiting() {
      this.setName(WAITING);
      const pid = must('fork', c.fork());
      if (pid > 0) this.setName(ZYGOTE);
      return pid;
    },

    /** Repairs libuv's loop in a forked child. */
    renewLoop: () => must('uv_loop_fork', c.uv_loop_fork(loop)),

    /** Tells libuv's loop that time has passed while it was blocked. */
    updateLoopTime: () => c.uv_update_time(loop),

    /** False when libuv's loop has nothing left to wait for. */
    isLoopAlive: () => c.uv_loop_alive(loop) !== 0,
  };
}
