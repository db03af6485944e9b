// Runs small scripts in the zygote, into nowhere, before the first fork: what V8 compiles and learns here, it need
// not do again in every child. Nothing that holds randomness or the standard streams is touched.
import { O_CLOEXEC, O_WRONLY } from './libc.mjs';
import { Program, forgetModuleScope } from './program.mjs';
import { ResultPipe } from './result.mjs';
import { BlockingStream } from './stdio.mjs';

const samples = [
  "import { sep } from 'node:path';\nconst later = await Promise.resolve(sep);\nreturn { later, list: [1, 'two'], event };",
  "const { name } = event;\nreturn await import('node:fs').then((fs) => typeof fs.readFileSync) + typeof require('node:os');",
  "throw new TypeError('sample');",
  'let = ;',
  'input.count;',
];
const ROUNDS = 2;

/** Ends with the globals as they were. */
export async function warmUp(libc) {
  const nowhere = libc.must('open', libc.open('/dev/null', O_WRONLY | O_CLOEXEC, 0));
  const result = new ResultPipe({ ...libc, _exit() {} }, nowhere);
  const stream = new BlockingStream(libc, nowhere);
  const console = new globalThis.console.Console(stream, stream);
  for (let round = 0; round < ROUNDS; round++) {
    for (const source of samples) {
      const program = new Program({ filename: 'script.js', source, sourceMap: null, lineOffset: 0 }, result);
      program.prepare();
      await program.run('{"name": "sample", "count": [1, 2.5, null]}');
    }
    console.log('sample %s', 'text', 1, { a: [true, null], b: new Map([[1, 'x']]) }, new Error('sample').message);
    console.error(['sample']);
  }
  forgetModuleScope();
  libc.close(nowhere);
}
