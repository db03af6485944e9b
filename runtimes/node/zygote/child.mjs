// The life of a forked child, from its order to its result; with isolation `shared`, from order to order.
//
// What can be done once is done in the zygote, whose memory the child has: a page that it need not write is a page
// that needs no copy. What is left to the child is what differs from child to child.
//
// A process that is shared stands still between two calls, in the read of its next order: nothing of the script runs
// then. It reads where its result was sent, which may be deep in the event loop (a promise, a timer, the loop's end),
// and goes on with a turn of the loop of its own.
import { CHECK, FrameReader } from './frames.mjs';
import { SCRIPT } from '../kernel/libc.mjs';
import { Program, SCRIPT_FOLDER } from '../script/runner.mjs';
import { process, startImmediate } from '../kernel/primordials.mjs';
import { reseed } from '../kernel/randomness.mjs';
import { ResultPipe } from '../script/result.mjs';
import { adoptProcess, beginLife, knowOwnNumber } from '../script/process.mjs';

const CANNOT_GO_ON = 70;

export class Life {
  #libc;
  #isShared;
  #program;
  #result;
  #orders;

  /** `spec` is the PROGRAM frame's content; `orders` brought it, where it came as an order. */
  constructor(libc, spec, orders = new FrameReader(libc)) {
    this.#libc = libc;
    this.#isShared = spec.isolation === 'shared';
    this.#result = new ResultPipe(libc, () => this.#afterResult());
    this.#program = new Program(spec, this.#result);
    this.#orders = orders;
  }

  /** Before the call: what every child of this program has in common. */
  async prepare() {
    await this.#program.prepare();
  }

  /** Before the call: makes node's process that of `filename`. Once in its life. */
  adopt(filename) {
    adoptProcess(this.#libc, process, `${SCRIPT_FOLDER}/${filename}`, {
      staysAlive: this.#isShared,
      uncaught: (thrown) => this.#program.fail(thrown),
      dry: () => this.#program.runDry(),
      exit: (code) => this.#libc._exit(code),
    });
  }

  /** In the child: waits for the order and carries it out; settles when the body of the script has. */
  begin({ v8, generator }, ends) {
    const libc = this.#libc;
    this.#result.open(ends.result);
    this.#orders.open(ends.order);
    reseed(libc, v8, generator);
    knowOwnNumber(libc, process);
    const order = this.#orders.read();
    if (!this.#isShared) libc.close(ends.order);
    libc.setName(SCRIPT);
    libc.updateLoopTime(); // it stood still while this process waited
    beginLife();
    return this.#carryOut(order, this.#program.begin());
  }

  #carryOut({ type, payload }, call) {
    return type === CHECK ? this.#program.check(call) : this.#program.run(call, payload.toString());
  }

  #afterResult() {
    if (!this.#isShared) return this.#libc._exit(0);
    try {
      const order = this.#orders.read();
      if (order === null) return this.#libc._exit(0);
      this.#libc.updateLoopTime();
      const call = this.#program.begin();
      return startImmediate(() => this.#carryOut(order, call));
    } catch {
      return this.#libc._exit(CANNOT_GO_ON); // the script has broken its pipe, or what reading it needs
    }
  }
}
