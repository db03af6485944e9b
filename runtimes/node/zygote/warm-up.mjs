// Runs the code of a child in the zygote, before any fork, with small scripts and system calls that do nothing, then rehearses
// the zygote's own life (rehearsal.mjs) and heats the way to system calls (heat.mjs). What V8 compiles and optimizes here, no
// child needs to compile again. The warm-up uses no `Math.random` and no standard stream.
//
// Theory of operation: the warm-up takes more than half as long as node's own start. A sandbox that waits for a program has
// the time. A sandbox whose program has already come does not, and for a program of a single run the warm-up never pays off.
// So it is done after READY, in steps of a few milliseconds, while there is no frame to read. For a program of many runs, the
// zygote does the remaining steps before the first run.
import { exportBuffer } from 'node:ffi';
import { O_CLOEXEC, O_RDWR, idleLibc, pathOf } from '../kernel/libc.mjs';
import { ignoreSignals } from '../kernel/signals.mjs';
import { preload } from '../script/preload.mjs';
import { forgetModuleScope } from '../script/module-scope.mjs';
import { BlockingStream } from '../script/stdio.mjs';
import { Child } from './child.mjs';
import { forkChild } from './fork.mjs';
import { RUN, frameHeader } from './frames.mjs';
import { heater } from './heat.mjs';
import { rehearse } from './rehearsal.mjs';

const samples = [
  "import { sep } from 'node:path';\nconst later = await Promise.resolve(sep);\nreturn { later, list: [1, 'two'], event };",
  "const { name } = event;\nreturn await import('node:fs').then((fs) => typeof fs.readFileSync) + typeof require('node:os');",
  "throw new TypeError('sample');",
  'let = ;',
  'input.count;',
];
const ROUNDS = 2; // of all samples
const HEAT = 500; // rounds until V8 has optimized the paths of system calls
const HEAT_STEP = 20; // rounds in one step
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

/** The warm-up in steps. Restores globals and descriptors at its end, and also when it is broken off between two steps. */
async function* steps(libc, v8) {
  yield* preload();
  const nowhere = libc.must('open', libc.open(pathOf('/dev/null'), O_RDWR | O_CLOEXEC));
  const idle = libcOfOneOrder();
  const inheritance = { shared: [0], restoreSignals: ignoreSignals(idle) };
  const stream = new BlockingStream(libc, nowhere);
  const console = new globalThis.console.Console(stream, stream);
  const heat = heater(libc, v8, nowhere);
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
    yield* rehearse();
    for (let heated = 0; heated < HEAT; heated++) {
      heat();
      if (heated % HEAT_STEP === 0) yield;
    }
  } finally {
    forgetModuleScope();
    libc.close(nowhere);
  }
}

/** The work that is done once for all scripts. */
export class WarmUp {
  #steps;

  /** `v8`: V8's functions (kernel/randomness.mjs). */
  constructor(libc, v8) {
    this.#steps = steps(libc, v8);
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
