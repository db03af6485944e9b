// Lives the life of a child in the zygote before one is forked, with small scripts and system calls that do nothing: what
// V8 compiles and learns here, it need not do again in every child. Nothing that holds randomness or the standard
// streams is touched.
//
// Theory of operation: this takes more than half as long as node's own start. A sandbox that waits for a program
// has the time; one whose program is there already has not, and if that has but one call it is never worth it. So it is
// done in steps of a few milliseconds, after READY, for as long as nothing is there to read. A program of many calls has the rest
// done before its first.
import { exportBuffer } from 'node:ffi';
import { Life } from './child.mjs';
import { forkChild } from './fork.mjs';
import { INVOKE, frameHeader } from './frames.mjs';
import { O_CLOEXEC, O_RDWR, idleLibc, pathOf } from '../kernel/libc.mjs';
import { forgetModuleScope } from '../script/runner.mjs';
import { preload } from '../script/preload.mjs';
import { getRawPointer } from '../kernel/primordials.mjs';
import { ignoreSignals } from '../kernel/signals.mjs';
import { BlockingStream } from '../script/stdio.mjs';

const samples = [
  "import { sep } from 'node:path';\nconst later = await Promise.resolve(sep);\nreturn { later, list: [1, 'two'], event };",
  "const { name } = event;\nreturn await import('node:fs').then((fs) => typeof fs.readFileSync) + typeof require('node:os');",
  "throw new TypeError('sample');",
  'let = ;',
  'input.count;',
];
const ROUNDS = 2;
const HEAT = 3000;
const HEAT_STEP = 100;
const input = Buffer.from('{"name": "sample", "count": [1, 2.5, null]}');
const order = Buffer.concat([frameHeader(INVOKE, input.length), input]);

const turn = () => new Promise((resolve) => { setImmediate(resolve); });

/** A C library whose system calls do nothing, but that reading gives one order and writing takes all. */
const libcOfOneOrder = () => idleLibc({
  read(fd, address, length) {
    exportBuffer(order, address, Number(length));
    return order.length;
  },
  write: (fd, address, length) => Number(length),
  getrandom: (bytes, count) => Number(count),
});

/**
 * Calls what every system call goes through. It takes this often until V8 has optimized it: left to the children, the time
 * would come in one of them, during a call, and again in the next.
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

/** In steps; ends, also when it is broken off between two, with the globals and descriptors as they were. */
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
        const life = new Life(idle, { filename: 'script.js', source, sourceMap: null });
        await life.prepare();
        await turn();
        yield await life.begin({ v8: { setSeed() {} }, generator: 0n }, forkChild(idle, inheritance));
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

/** All that is done once for all scripts. */
export class WarmUp {
  #steps;

  constructor(libc) {
    this.#steps = steps(libc);
  }

  /** Goes on until `isWanted` or until nothing is left to do. */
  async until(isWanted) {
    while (!isWanted() && !(await this.#steps.next()).done) { /* the next step */ }
  }

  /** Does what is left. */
  async finish() {
    await this.until(() => false);
  }

  /** Leaves out what is left. */
  async breakOff() {
    await this.#steps.return();
  }
}
