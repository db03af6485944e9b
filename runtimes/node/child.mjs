// The life of a forked child, from its descriptors to its result.
import { CHECK, FrameReader } from './frames.mjs';
import { SCRIPT } from './libc.mjs';
import { Program, SCRIPT_FOLDER } from './program.mjs';
import { process } from './primordials.mjs';
import { reseed } from './randomness.mjs';
import { ResultPipe } from './result.mjs';
import { adoptProcess, beginLife } from './script-process.mjs';

/** Goes on in a turn of the event loop of its own, when the zygote's stack is gone. */
export function liveChild(libc, v8, generator, spec, ends) {
  setImmediate(() => {
    const result = new ResultPipe(libc, ends.result);
    const program = new Program(spec, result);
    reseed(libc, v8, generator);
    adoptProcess(libc, process, `${SCRIPT_FOLDER}/${spec.filename}`, {
      uncaught: (thrown) => program.fail(thrown),
      dry: () => program.runDry(),
      exit: (code) => libc._exit(code),
    });
    program.prepare();
    const order = new FrameReader(libc, ends.order).read();
    libc.close(ends.order);
    libc.setName(SCRIPT);
    libc.updateLoopTime(); // it stood still while this process waited
    beginLife(process);
    if (order.type === CHECK) program.check();
    else program.run(order.payload.toString());
  });
}
