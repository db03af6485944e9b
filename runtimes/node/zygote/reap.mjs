// Ends every process of an invocation. Process 1 of a pid namespace may do it with two calls: kill(-1) reaches
// everybody else in it, and every orphan becomes its child, so that waiting until there is no child left is waiting
// until nobody is left.
import { ECHILD, EINTR, SystemCallError } from '../kernel/libc.mjs';
import { getRawPointer } from '../kernel/primordials.mjs';

const SIGKILL = 9;
const WALL = 0x40000000; // children of any kind, those of clone(2) without SIGCHLD too
const USAGE_SIZE = 144;
const MAX_RSS = 32; // offset of ru_maxrss, in KiB

const status = Buffer.alloc(4);
const usage = Buffer.alloc(USAGE_SIZE);
const statusAddress = getRawPointer(status);
const usageAddress = getRawPointer(usage);

const microseconds = (offset) =>
  Number(usage.readBigInt64LE(offset)) * 1e6 + Number(usage.readBigInt64LE(offset + 8));

/** Kills and reaps all. Answers how process `pid` ended and what everybody used, in the form of the END frame. */
export function endEverybody(libc, pid) {
  if (libc.getpid() !== 1) throw new Error('only process 1 of a pid namespace may kill everybody');
  const end = { exitCode: null, signal: null, cpuMicroseconds: 0, maxRssBytes: 0 };
  for (;;) {
    libc.kill(-1, SIGKILL);
    const reaped = libc.wait4(-1, statusAddress, WALL, usageAddress);
    if (reaped < 0) {
      const errno = libc.errno();
      if (errno === ECHILD) return end;
      if (errno !== EINTR) throw new SystemCallError('wait4', errno);
      continue;
    }
    if (reaped === pid) {
      const word = status.readInt32LE(0);
      if ((word & 0x7f) === 0) end.exitCode = (word >> 8) & 0xff;
      else end.signal = word & 0x7f;
    }
    end.cpuMicroseconds += microseconds(0) + microseconds(16);
    end.maxRssBytes = Math.max(end.maxRssBytes, Number(usage.readBigInt64LE(MAX_RSS)) * 1024);
  }
}
