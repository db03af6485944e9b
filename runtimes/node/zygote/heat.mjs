// Calls the functions that the runtime calls by FFI until V8 has optimized the way to them. Otherwise V8 would optimize it in a
// child, during a run, and again in the next child.
//
// Theory of operation: node:ffi goes through the same few JavaScript functions for each call. V8 optimizes them for the kinds
// of arguments that it has seen, and throws the code away in a child that brings another kind. So each function is called
// with arguments of the kinds that the runtime passes, and with values that change nothing: a descriptor, pid or signal that
// does not exist.
import { O_CLOEXEC, O_RDONLY, pathOf } from '../kernel/libc.mjs';
import { getRawPointer } from '../kernel/primordials.mjs';

const NONE = -1; // no descriptor, no flag, no signal
const NO_PROCESS = 0x7fffffff;
const NO_CALL = -1n;
const PR_GET_DUMPABLE = 3;
const STATE_SIZE = 256; // more than V8's generator has, and than a call writes
const MISSING = pathOf('/proc/missing');

/** Returns a function that calls everything once. `nowhere` is a descriptor of /dev/null. */
export function heater(libc, v8, nowhere) {
  const bytes = Buffer.alloc(STATE_SIZE);
  const address = getRawPointer(bytes);
  return () => {
    libc.writeAll(nowhere, bytes);
    libc.readSome(nowhere, bytes, 0, bytes.length);
    callAll(libc, bytes, address);
    v8?.setSeed(address, libc.randomBytes(8).readBigInt64LE()); // changes `bytes` only
    libc.updateLoopTime();
    libc.isLoopAlive();
    libc.isReadable(nowhere);
    bytes.writeInt32LE(0, 0);
    bytes.writeInt16LE(0, 4);
    bytes.readInt16LE(6);
    bytes.subarray(1, 4);
  };
}

function callAll(libc, bytes, address) {
  libc.getpid();
  libc.close(NONE);
  libc.dup2(NONE, NONE);
  libc.dup3(NONE, NONE, O_CLOEXEC);
  libc.fcntl(NONE, 0, 0);
  libc.open(MISSING, O_RDONLY | O_CLOEXEC);
  libc.openat(NONE, address, O_RDONLY, 0);
  libc.read(NONE, address, 1n);
  libc.write(NONE, address, 1n);
  libc.pread(NONE, address, 1n, 0n);
  libc.lseek(NONE, 0n, 0);
  libc.poll(address, 0n, 0);
  libc.ioctl(NONE, 0n, address);
  libc.usleep(0);
  libc.statx(NONE, getRawPointer(MISSING), 0, 0, address);
  libc.pipe2(bytes, NONE);
  libc.getdents64(NONE, bytes, 1n);
  libc.flistxattr(NONE, bytes, 1n);
  libc.fremovexattr(NONE, address);
  libc.fchmod(NONE, 0);
  libc.fchmodat(NONE, address, 0, 0);
  libc.unlinkat(NONE, address, 0);
  libc.renameat(NONE, address, NONE, address);
  libc.kill(NO_PROCESS, 0);
  libc.wait4(NO_PROCESS, address, 0, address);
  libc.clock_gettime(NONE, address);
  libc.syscall(NO_CALL, 0n, 0n);
  libc.prctl(PR_GET_DUMPABLE, 0n, 0n, 0n, 0n);
  libc.sigaction(NONE, 0n, 0n);
  libc.sigprocmask(NONE, 0n, 0n);
  libc.signal(NONE, 0n);
  libc.socket(NONE, NONE, NONE);
  libc.connect(NONE, address, 0);
  libc.errno();
}
