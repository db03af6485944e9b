// Lives the life of a child in the zygote before the first fork, with small scripts and system calls that do nothing: what
// V8 compiles and learns here, it need not do again in every child. Nothing that holds randomness or the standard
// streams is touched.
import { live } from './child.mjs';
import { forkChild } from './fork.mjs';
import { INVOKE, frameHeader } from './frames.mjs';
import { O_CLOEXEC, O_WRONLY } from './libc.mjs';
import { Program, forgetModuleScope } from './program.mjs';
import { ResultPipe } from './result.mjs';
import { ignoreSignals } from './signals.mjs';
import { BlockingStream } from './stdio.mjs';

const samples = [
  "import { sep } from 'node:path';\nconst later = await Promise.resolve(sep);\nreturn { later, list: [1, 'two'], event };",
  "const { name } = event;\nreturn await import('node:fs').then((fs) => typeof fs.readFileSync) + typeof require('node:os');",
  "throw new TypeError('sample');",
  'let = ;',
  'input.count;',
];
const ROUNDS = 2;
const input = Buffer.from('{"name": "sample", "count": [1, 2.5, null]}');
const order = Buffer.concat([frameHeader(INVOKE, input.length), input]);

const turn = () => new Promise((resolve) => { setImmediate(resolve); });

/** System calls that succeed and do nothing, but that reading gives one order. */
function withoutEffect(libc) {
  const idle = { ...libc };
  for (const name of Object.keys(libc)) idle[name] = () => 0;
  let read = 0;
  return Object.assign(idle, {
    must: libc.must,
    randomBytes: libc.randomBytes,
    getpid: libc.getpid,
    pipe: () => [0, 0],
    writeAll: () => true,
    readSome(fd, bytes, offset, length) {
      order.copy(bytes, offset, read, read + length);
      read = (read + length) % order.length;
      return length;
    },
  });
}

/** Ends with the globals as they were. */
export async function warmUp(libc) {
  const nowhere = libc.must('open', libc.open('/dev/null', O_WRONLY | O_CLOEXEC, 0));
  const idle = withoutEffect(libc);
  const inheritance = { shared: [0], restoreSignals: ignoreSignals(idle) };
  const stream = new BlockingStream(libc, nowhere);
  const console = new globalThis.console.Console(stream, stream);
  for (let round = 0; round < ROUNDS; round++) {
    for (const source of samples) {
      const result = new ResultPipe(idle);
      const program = new Program({ filename: 'script.js', source, sourceMap: null, lineOffset: 0 }, result);
      await program.prepare();
      await turn();
      await live(idle, { v8: { setSeed() {} }, generator: 0n }, program, result, forkChild(idle, inheritance));
    }
    console.log('sample %s', 'text', 1, { a: [true, null], b: new Map([[1, 'x']]) }, new Error('sample').message);
    console.error(['sample']);
  }
  forgetModuleScope();
  libc.close(nowhere);
}
