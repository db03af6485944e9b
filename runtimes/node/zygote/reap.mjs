// Kills and reaps every process of a run. Process 1 of a pid namespace needs only two system calls for this: kill(-1)
// reaches every other process in the namespace, and every orphan becomes a child of process 1. So when wait4 finds no more
// children, no other process is left.
import { ECHILD, EINTR, SystemCallError } from '../kernel/libc.mjs';
import { getRawPointer } from '../kernel/primordials.mjs';

const SIGKILL = 9;
const WALL = 0x40000000; // also reaps children that clone(2) made without SIGCHLD
const USAGE_SIZE = 144;
const MAX_RSS = 32; // offset of ru_maxrss, in KiB

const status = Buffer.alloc(4);
const usage = Buffer.alloc(USAGE_SIZE);
const statusAddress = getRawPointer(status);
const usageAddress = getRawPointer(usage);

const microseconds = (offset) =>
  Number(usage.readBigInt64LE(offset)) * 1e6 + Number(usage.readBigInt64LE(offset + 8));

/** Kills and reaps all other processes. Returns how process `pid` ended and what all of them used, in the form of END. */
export function killAll(libc, pid) {
  if (libc.getpid() !== 1) throw new Error('only process 1 of a pid namespace may kill all processes');
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
