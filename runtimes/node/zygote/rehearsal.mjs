// Lives through the life of a zygote and of its children, with system calls that do nothing. What V8 compiles here, no process
// that is forked later needs to compile.
//
// Theory of operation: the rehearsal runs the product's own code, in both roles. An idle fork(2) returns a pid, so the code goes
// on as the zygote, or 0, so it goes on as the child. An idle read(2) returns the frames that a server would send.
import { exportBuffer, getInt32, setInt16, toBuffer } from 'node:ffi';
import { ECHILD, POLLIN, idleLibc } from '../kernel/libc.mjs';
import { getRawPointer, process } from '../kernel/primordials.mjs';
import { keepProcess } from '../script/process.mjs';
import { forgetModuleScope } from '../script/module-scope.mjs';
import { PROGRAM, RUN, frameHeader } from './frames.mjs';
import { Zygote } from './loop.mjs';

const ROUNDS = 2;
const CHILD = 2; // a pid
const [ZYGOTE_ROLE, CHILD_ROLE] = [CHILD, 0]; // what fork(2) returns
const STDIN = 0;
const PIDFD = 90;
const FIRST_PIPE = 100;
const WATCHED_BY_RELAY = 4n; // stdout, stderr, result, pidfd
const [RESULT_AT, POLLFD_SIZE, REVENTS] = [2, 8, 6];
const LIMIT = 3_600_000; // milliseconds

const resultMessage = Buffer.from([0x56, 1, 0, 0, 0, 0x31]);
const frame = (type, text) => Buffer.concat([frameHeader(type, Buffer.byteLength(text)), Buffer.from(text)]);
const script = { filename: 'script.js', source: 'return event;', sourceMap: null, out: { files: 1, bytes: 1 } };
const program = (isolation) => frame(PROGRAM, JSON.stringify({ ...script, isolation }));
const run = frame(RUN, '{"name": "sample"}');
const errno = Buffer.alloc(4);
errno.writeInt32LE(ECHILD);

/** What a zygote is told. A child that is forked ahead of PROGRAM gets the frames that the zygote passes on. */
const scenes = [
  { role: ZYGOTE_ROLE, frames: [program('sandbox'), run], ahead: true },
  { role: ZYGOTE_ROLE, frames: [program('sandbox'), run] },
  { role: ZYGOTE_ROLE, frames: [program('process'), run, run], ahead: true },
  { role: ZYGOTE_ROLE, frames: [program('shared'), run, run] },
  { role: CHILD_ROLE, frames: [program('sandbox'), run], ahead: true },
  { role: CHILD_ROLE, frames: [program('process'), run] },
  { role: CHILD_ROLE, frames: [program('shared'), run, run] },
];

/**
 * Plays all scenes, one in a step. `live(libc, zygote)` starts the life that is rehearsed. Throws when it ends by an error.
 * Restores globals when it is broken off between two steps.
 */
export async function* rehearse(live = liveAlone) {
  const restoreProcess = keepProcess(process);
  try {
    for (let round = 0; round < ROUNDS; round++) {
      for (const scene of scenes) yield await play(scene, live);
    }
  } finally {
    forgetModuleScope();
    restoreProcess();
  }
}

/** The life of a zygote that has no mother. */
function liveAlone(libc, zygote) {
  zygote.announce([0]);
  return zygote.live();
}

const play = (scene, live) => new Promise((resolve, reject) => {
  const libc = libcOf(scene, (code, reason) => {
    if (code === 0 && reason === '') resolve();
    else reject(new Error(`the rehearsal has failed: ${reason}`));
  });
  const zygote = new Zygote(libc, LIMIT, { v8: { setSeed() {} }, generator: 0n, threads: Infinity, warmUp: idleWarmUp });
  live(libc, zygote).then(resolve, reject);
});

const idleWarmUp = { async finish() {}, async breakOff() {} };

/** `ended(code, stderr)` is called instead of _exit(2). */
function libcOf({ role, frames, ahead = false }, ended) {
  const waiting = [...frames];
  let [stderr, nextPipe, answered, resultIsRead] = ['', FIRST_PIPE, !ahead, false];
  const copy = (bytes, address) => {
    exportBuffer(bytes, address, bytes.length);
    return bytes.length;
  };
  return idleLibc({
    _exit(code) {
      ended(code, waiting.length === 0 ? stderr : `${stderr}${waiting.length} frames are left`);
      return null;
    },
    getpid: () => 1,
    fork: () => role,
    wait4: () => -1,
    __errno_location: () => getRawPointer(errno),
    syscall: () => PIDFD,
    statx: (folder) => (folder < -1 ? -1 : 0), // /tmp/out is not there, and the script's file is
    pipe2(ends) {
      ends.writeInt32LE(nextPipe++, 0);
      ends.writeInt32LE(nextPipe++, 4);
      return 0;
    },
    getrandom: (bytes, count) => Number(count),
    write(fd, address, length) {
      if (fd === 2) stderr += toBuffer(address, Number(length)).toString();
      return Number(length);
    },
    read(fd, address) {
      if (fd === STDIN || role === CHILD_ROLE) return waiting.length > 0 ? copy(waiting.shift(), address) : 0;
      resultIsRead = !resultIsRead;
      return resultIsRead ? copy(resultMessage, address) : 0;
    },
    poll(address, count) {
      if (count === WATCHED_BY_RELAY) setInt16(address, RESULT_AT * POLLFD_SIZE + REVENTS, POLLIN);
      if (count !== 1n || getInt32(address) !== STDIN) return count === 1n ? 0 : 1;
      const isReadable = answered;
      answered = true;
      return isReadable ? 1 : 0;
    },
  });
}
