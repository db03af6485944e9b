// A script whose libraries are executed before there is a run: its body stands at the pause that the bundle has behind them.
//
// Theory of operation: the pause awaits a property of globalThis (bundle/pause.mjs). Before the run, the property is a promise that the run
// settles; a child that is forked meanwhile inherits the body as it stands. Where nothing is executed ahead, there is no such property, and
// the pause waits for nothing.
import { defineProperty, newDeferred } from '../kernel/primordials.mjs';

const NAME = Symbol.for('faas.pause');

export class Pause {
  #reached = newDeferred();
  #run = newDeferred();

  /** Has the body that is called next stand still at its pause. */
  constructor() {
    const get = () => {
      this.#reached.resolve(true);
      return this.#run.promise;
    };
    defineProperty(globalThis, NAME, { __proto__: null, get, configurable: true });
  }

  /** Settles when the body stands at its pause (true), or has ended before (false). */
  async stands(body) {
    const ended = () => this.#reached.resolve(false);
    body.then(ended, ended);
    return await this.#reached.promise;
  }

  /** The body goes on, if it stands there; another one that is called later does not stand still. */
  goOn() {
    delete globalThis[NAME];
    this.#run.resolve();
  }
}
