// Runs the code of a child in the zygote, before any fork, with small scripts and system calls that do nothing. What V8
// compiles and optimizes here, no child needs to compile again. The warm-up uses no random numbers and no standard stream.
//
// Theory of operation: the warm-up takes more than half as long as node's own start. A sandbox that waits for a program has
// the time. A sandbox whose program has already come does not, and for a program of a single run the warm-up never pays off.
// So it is done after READY, in steps of a few milliseconds, while there is no frame to read. For a program of many runs, the
// zygote does the remaining steps before the first run.
import { exportBuffer } from 'node:ffi';
import { O_CLOEXEC, O_RDWR, idleLibc, pathOf } from '../kernel/libc.mjs';
import { getRawPointer } from '../kernel/primordials.mjs';
import { ignoreSignals } from '../kernel/signals.mjs';
import { preload } from '../script/preload.mjs';
import { forgetModuleScope } from '../script/runner.mjs';
import { BlockingStream } from '../script/stdio.mjs';
import { Child } from './child.mjs';
import { forkChild } from './fork.mjs';
import { RUN, frameHeader } from './frames.mjs';

const samples = [
  "import { sep } from 'node:path';\nconst later = await Promise.resolve(sep);\nreturn { later, list: [1, 'two'], event };",
  "const { name } = event;\nreturn await import('node:fs').then((fs) => typeof fs.readFileSync) + typeof require('node:os');",
  "throw new TypeError('sample');",
  'let = ;',
  'input.count;',
];
const ROUNDS = 2; // of all samples
const HEAT = 3000; // calls until V8 has optimized the paths of system calls
const HEAT_STEP = 100; // calls in one step
const input = Buffer.from('{"name": "sample", "count": [1, 2.5, null]}');
const order = Buffer.concat([frameHeader(RUN, input.length), input]);

const turn = () => new Promise((resolve) => { setImmediate(resolve); });

/** A C library whose system calls do nothing, except that a read returns one order and a write accepts all bytes. */
const libcOfOneOrder = () => idleLibc({
  read(fd, address, length) {
    exportBuffer(order, address, Number(length));
    return order.length;
  },
  write: (fd, address, length) => Number(length),
  getrandom: (bytes, count) => Number(count),
});

/**
 * Calls the functions that every system call goes through, until V8 has optimized them. Otherwise V8 would optimize them in a
 * child, during a run, and again in the next child.
 */
function heat(libc, nowhere, bytes, address) {
  for (let at = 0; at < HEAT_STEP; at++) {
    libc.writeAll(nowhere, bytes);
    libc.readSome(nowhere, bytes, 0, 16);
    libc.close(-1);
    libc.poll(address, 0n, 0);
    getRawPointer(bytes);
    bytes.writeInt32LE(at, 0);
    bytes.writeInt16LE(0, 4);
    bytes.readInt16LE(6);
    bytes.subarray(1, 4);
  }
}

/** The warm-up in steps. Restores globals and descriptors at its end, and also when it is broken off between two steps. */
async function* steps(libc) {
  yield* preload();
  const nowhere = libc.must('open', libc.open(pathOf('/dev/null'), O_RDWR | O_CLOEXEC));
  const idle = libcOfOneOrder();
  const inheritance = { shared: [0], restoreSignals: ignoreSignals(idle) };
  const stream = new BlockingStream(libc, nowhere);
  const console = new globalThis.console.Console(stream, stream);
  const bytes = Buffer.alloc(16);
  const address = getRawPointer(bytes);
  try {
    for (let round = 0; round < ROUNDS; round++) {
      for (const source of samples) {
        const child = new Child(idle, { filename: 'script.js', source, sourceMap: null });
        await child.prepare();
        await turn();
        yield await child.begin({ v8: { setSeed() {} }, generator: 0n }, forkChild(idle, inheritance));
      }
      console.log('sample %s', 'text', 1, { a: [true, null], b: new Map([[1, 'x']]) }, new Error('sample').message);
      yield console.error(['sample']);
    }
    for (let heated = 0; heated < HEAT; heated += HEAT_STEP) yield heat(libc, nowhere, bytes, address);
  } finally {
    forgetModuleScope();
    libc.close(nowhere);
  }
}

/** The work that is done once for all scripts. */
export class WarmUp {
  #steps;

  constructor(libc) {
    this.#steps = steps(libc);
  }

  /** Goes on until `isWanted` returns true or no step is left. */
  async until(isWanted) {
    while (!isWanted() && !(await this.#steps.next()).done) { /* the next step */ }
  }

  /** Does the remaining steps. */
  async finish() {
    await this.until(() => false);
  }

  /** Skips the remaining steps. */
  async breakOff() {
    await this.#steps.return();
  }
}
