// A forked child, from its order to its result. With isolation `shared`, it takes one order after another.
//
// Theory of operation: work that is the same for every child is done once, in the zygote, before the fork. The child inherits
// that memory and copies only the pages that it writes. Only what differs between children is left to the child.
//
// A shared child stands still between two runs, blocked in the read of its next order, so nothing of the script runs. The
// read happens where the result was sent, which may be deep in the event loop (in a promise, in a timer, at the loop's end).
// So the next run starts in a turn of the loop of its own.
import { SCRIPT } from '../kernel/libc.mjs';
import { process, startImmediate, utf8 } from '../kernel/primordials.mjs';
import { reseed } from '../kernel/randomness.mjs';
import { startClocks } from '../script/clock.mjs';
import { SCRIPT_FOLDER } from '../script/module-scope.mjs';
import { adoptProcess, setOwnPid } from '../script/process.mjs';
import { ResultPipe } from '../script/result.mjs';
import { Runner } from '../script/runner.mjs';
import { enterSecrets } from '../script/secrets.mjs';
import { enterTrace } from '../script/trace.mjs';
import { CHECK, FrameReader, SECRETS, TRACE } from './frames.mjs';

const STDERR = 2;
const CANNOT_READ_ORDERS = 70; // exit code

export class Child {
  #libc;
  #isShared;
  #runner;
  #result;
  #orders;

  /** `script` is the PROGRAM frame's content. `orders` is the reader that PROGRAM came from, if it came as an order. */
  constructor(libc, script, orders = new FrameReader(libc)) {
    this.#libc = libc;
    this.#isShared = script.isolation === 'shared';
    this.#result = new ResultPipe(libc, () => this.#afterResult());
    this.#runner = new Runner(script, this.#result);
    this.#orders = orders;
  }

  /** Before the run: does what every child of this program has in common. */
  async prepare() {
    await this.#runner.prepare();
  }

  /** Before the run, and once only: makes node's process the process of `filename`. */
  adopt(filename) {
    adoptProcess(this.#libc, process, `${SCRIPT_FOLDER}/${filename}`, {
      staysAlive: this.#isShared,
      uncaught: (thrown) => this.#uncaught(thrown),
      dry: () => this.#runner.runDry(),
      exit: (code) => this.#libc._exit(code),
    });
  }

  /** Whether `beginAhead` may be called. */
  get mayBeginAhead() {
    return this.#runner.mayBeginAhead;
  }

  /** Before the run, and after `adopt`: executes the libraries of the script. Whether it has. */
  async beginAhead() {
    return await this.#runner.beginAhead();
  }

  /** In the child: waits for the order and carries it out. Settles when the body of the script has settled. */
  begin({ v8, generator }, ends) {
    const libc = this.#libc;
    this.#result.open(ends.result);
    this.#orders.open(ends.order);
    reseed(libc, v8, generator);
    setOwnPid(libc, process);
    const order = this.#takeOrder();
    if (!this.#isShared) libc.close(ends.order);
    libc.setName(SCRIPT);
    libc.updateLoopTime(); // the loop's clock stood still while this process waited
    startClocks();
    return this.#carryOut(order, this.#runner.begin());
  }

  #uncaught(thrown) {
    const late = this.#runner.lateError(thrown);
    if (late === null) this.#runner.fail(thrown);
    else this.#libc.writeAll(STDERR, utf8(late));
  }

  #carryOut({ type, payload }, token) {
    return type === CHECK ? this.#runner.check(token) : this.#runner.run(token, payload.toString());
  }

  /** The next order, or null. The trace and the secrets that come before it are those of its run. */
  #takeOrder() {
    let order = this.#orders.read();
    let trace;
    for (; order !== null && (order.type === TRACE || order.type === SECRETS); order = this.#orders.read()) {
      if (order.type === TRACE) trace = order.payload.toString();
      else enterSecrets(order.payload.toString());
    }
    enterTrace(trace);
    return order;
  }

  #afterResult() {
    if (!this.#isShared) return this.#libc._exit(0);
    try {
      const order = this.#takeOrder();
      if (order === null) return this.#libc._exit(0);
      this.#libc.updateLoopTime();
      const token = this.#runner.begin();
      return startImmediate(() => this.#carryOut(order, token));
    } catch {
      return this.#libc._exit(CANNOT_READ_ORDERS); // the script has broken the pipe, or a built-in that reading needs
    }
  }
}
