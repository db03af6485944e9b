// The mother's loop over the server's orders.
//
// Theory of operation: starting and warming node up takes a hundred milliseconds, and is the same for every sandbox. So it is
// done once, in the mother. Her child shares her memory until it writes to it, makes walls of its own by the calls that the
// server has listed, gives up every right, and is a zygote in them.
//
// She is process 1 of her pid namespace, so the kernel kills every sandbox when she ends. She reaps a child only when the
// server asks, so until then its pid means no other process.
import { SystemCallError } from '../kernel/libc.mjs';
import { getRawPointer } from '../kernel/primordials.mjs';
import { die } from '../zygote/die.mjs';
import { NotGiven } from './given.mjs';
import { orderOf } from './orders.mjs';

const STDOUT = 1;
const WNOHANG = 1;
const NO_SUCH_CHILD = -1;

export class Mother {
  #libc;
  #lines;
  #calls;
  #supplied;
  #child;
  #status = Buffer.alloc(4);

  /** `calls`: the CallLists `{before, child}`. `supplied`: the GivenValues of every fork. `child`: a MotherChild. */
  constructor(libc, { lines, calls, supplied, child }) {
    this.#libc = libc;
    this.#lines = lines;
    this.#calls = calls;
    this.#supplied = supplied;
    this.#child = child;
  }

  /** Carries out orders until their end. Returns in a child only: the function by which it goes on. */
  serve() {
    for (;;) {
      const line = this.#lines.read();
      if (line === null) return this.#libc._exit(0);
      const { fork, given, reap } = orderOf(line);
      const goOn = fork === undefined ? this.#reap(reap) : this.#fork(fork, given);
      if (goOn !== null) return goOn;
    }
  }

  /** Sends a line to the server. */
  reply(line) {
    this.#libc.writeAll(STDOUT, Buffer.from(`${JSON.stringify(line)}\n`));
  }

  #fork(token, order) {
    const libc = this.#libc;
    let given, pid;
    try {
      given = this.#supplied.with(order);
      this.#calls.child.check(given);
      this.#calls.before.carryOut(libc.errno, given);
      pid = libc.must('fork', libc.fork());
    } catch (error) {
      if (!(error instanceof SystemCallError || error instanceof NotGiven)) throw error;
      this.reply({ failed: token, error: error.message });
      return null;
    }
    if (pid === 0) return () => this.#child.live(token, given).catch((error) => die(libc, error));
    this.reply({ forked: token, pid });
    return null;
  }

  #reap(pid) {
    const reaped = this.#libc.wait4(pid, getRawPointer(this.#status), WNOHANG, 0n);
    const ended = reaped < 0 ? NO_SUCH_CHILD : this.#status.readInt32LE(0);
    this.reply({ reaped: pid, status: reaped === 0 ? null : ended });
    return null;
  }
}
