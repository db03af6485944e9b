// The life of a forked child, from its descriptors to its result.
//
// What can be done once is done by `prepareLife` in the zygote, whose memory the child has: a page that it need not
// write is a page that needs no copy. What is left to the child is what differs from child to child.
import { CHECK, FrameReader } from './frames.mjs';
import { SCRIPT } from './libc.mjs';
import { SCRIPT_FOLDER } from './program.mjs';
import { process } from './primordials.mjs';
import { reseed } from './randomness.mjs';
import { adoptProcess, beginLife, knowOwnNumber } from './script-process.mjs';

/** In the zygote, before the first fork: what every child of this program has in common. */
export function prepareLife(libc, filename, program) {
  adoptProcess(libc, process, `${SCRIPT_FOLDER}/${filename}`, {
    uncaught: (thrown) => program.fail(thrown),
    dry: () => program.runDry(),
    exit: (code) => libc._exit(code),
  });
}

/** In the child: waits for the order and carries it out; settles when the body of the script has. `generator` is where V8's random numbers come from. */
export function live(libc, { v8, generator }, program, result, ends) {
  result.open(ends.result);
  reseed(libc, v8, generator);
  knowOwnNumber(libc, process);
  const order = new FrameReader(libc, ends.order).read();
  libc.close(ends.order);
  libc.setName(SCRIPT);
  libc.updateLoopTime(); // it stood still while this process waited
  beginLife();
  return order.type === CHECK ? program.check() : program.run(order.payload.toString());
}
