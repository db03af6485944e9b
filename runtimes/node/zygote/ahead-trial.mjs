// Tries in a fork whether the libraries of a script may be executed in the zygote: both sides.
//
// Theory of operation: the zygote outlives every run, so a library must leave nothing there that a fresh process would not have
// (script/remains.mjs), and start nothing and draw nothing meanwhile (ahead-watch.mjs). A fork executes the libraries under the conditions
// of the zygote: its memory is as closed, and its descriptors 0 and 1 are of no use. Two turns of the event loop later it says by a word on
// its result pipe what it has seen. The zygote kills it when it takes longer than the zygote itself may hold up a run, because the zygote
// then does the same; and, as long as there is another attempt, when an order comes.
import { POLLIN, TRIAL } from '../kernel/libc.mjs';
import { getRawPointer, hrtime, startImmediate } from '../kernel/primordials.mjs';
import { Remains } from '../script/remains.mjs';
import { AheadWatch } from './ahead-watch.mjs';
import { killAll } from './reap.mjs';

const PR_SET_DUMPABLE = 4;
const GOOD = 'good';
const WORD_SIZE = 4096; // bytes
const [STDOUT, STDERR, RESULT] = [0, 1, 2]; // places of a child's pipes
const [STDIN, POLLFD_SIZE] = [0, 8];

/** Lets what the libraries have put off for a moment happen. */
export async function turnTwice() {
  for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => { startImmediate(resolve); });
}

/** In the fork: executes the libraries of `child`, says the verdict at `ends`, and exits. */
export async function tryAhead(libc, child, ends) {
  libc.setName(TRIAL);
  libc.prctl(PR_SET_DUMPABLE, 0n, 0n, 0n, 0n);
  const remains = new Remains();
  const watch = new AheadWatch();
  const stands = await child.beginAhead();
  await turnTwice();
  const left = remains.left(libc);
  const word = !stands ? 'they do not come to their end'
    : watch.seen !== null ? `they ${watch.seen}`
    : left !== null ? `they leave ${left}`
    : GOOD;
  libc.writeAll(ends.result, Buffer.from(word).subarray(0, WORD_SIZE));
  libc._exit(0);
}

/**
 * In the zygote: why the libraries may not be executed here; null: they may. `isLater`: nothing is known yet, because `orders` had an order
 * first, for which this attempt has given way, or because it took more than `longest` milliseconds, perhaps of a busy machine; there are
 * further attempts, until one does not give way.
 */
export function verdictOf(libc, handle, orders, { givesWay, longest }) {
  const begun = hrtime();
  const left = () => longest - Number((hrtime() - begun) / 1_000_000n);
  let hasOrder = orders.isReadable;
  while (!libc.isReadable(handle.pidfd) && left() > 0 && !(hasOrder && givesWay)) {
    awaitAny(libc, hasOrder ? [handle.pidfd] : [handle.pidfd, STDIN], left());
    hasOrder ||= orders.isReadable;
  }
  const isOver = libc.isReadable(handle.pidfd);
  const why = isOver ? whyNot(libc, handle.pipes) : 'they take too long';
  killAll(libc, handle.pid);
  handle.close();
  return { why, isLater: !isOver && givesWay };
}

function whyNot(libc, pipes) {
  if (libc.waitingIn(pipes[STDOUT]) > 0 || libc.waitingIn(pipes[STDERR]) > 0) return 'they print something';
  const word = Buffer.alloc(WORD_SIZE);
  const length = libc.waitingIn(pipes[RESULT]) > 0 ? libc.readSome(pipes[RESULT], word, 0, WORD_SIZE) : 0;
  const said = word.toString('utf8', 0, length);
  return said === GOOD ? null : said || 'they end the process';
}

/** Waits until one of the descriptors can be read, for at most `milliseconds`. */
function awaitAny(libc, descriptors, milliseconds) {
  const polled = Buffer.alloc(descriptors.length * POLLFD_SIZE);
  descriptors.forEach((fd, at) => {
    polled.writeInt32LE(fd, at * POLLFD_SIZE);
    polled.writeInt16LE(POLLIN, at * POLLFD_SIZE + 4);
  });
  libc.poll(getRawPointer(polled), BigInt(descriptors.length), milliseconds);
}
