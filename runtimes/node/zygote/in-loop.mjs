// Does a step that may fork.
//
// Theory of operation: a child goes on where its parent forked. So a step that may fork runs inside node's event loop, where
// nothing of node's startup code is left to do. In a child, the step returns the function by which the child goes on.
import { die } from './die.mjs';

/** Does `step`, which returns null or, in a child, a function. Settles in the parent only. */
export const inLoop = (libc, step) => new Promise((resolve) => {
  setImmediate(() => {
    let goOn;
    try {
      goOn = step();
    } catch (error) {
      return die(libc, error);
    }
    return goOn === null ? resolve() : goOn();
  });
});
