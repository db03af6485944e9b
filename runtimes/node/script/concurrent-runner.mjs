// Runs a script's program for several runs at once in one process.
//
// Theory of operation: an AsyncLocalStorage tells which run the code that is running belongs to: the body of a run, and all
// that it starts and awaits (timers, promises, callbacks). Output, `event`, `input`, uncaught exceptions and process.exit are told
// apart by it. What belongs to no run, or to a run that is over, is written to the descriptors 1 and 2, as is what native code and
// processes that the script starts write there: it reaches the logs of the runs that end with the process, and no others.
//
// A run is over when its promise, or that of its handler, settles: the event loop of a process with other runs is never empty.
import { AsyncLocalStorage } from 'node:async_hooks';
import {
  defineProperty, hrtime, jsonParse, jsonStringify, process, toText, uncurry, utf8,
} from '../kernel/primordials.mjs';
import { describeThrown } from './errors.mjs';
import { COMPILE_ERROR, ERROR, EXIT, messageOf } from './result.mjs';
import { Runner } from './runner.mjs';
import { routeOutputs } from './stdio.mjs';

const storage = new AsyncLocalStorage();
const [storeOf, within] = [uncurry(AsyncLocalStorage.prototype.getStore), uncurry(AsyncLocalStorage.prototype.run)];
const { get: found, set: put, delete: removed } = Map.prototype;
const [findIn, putIn, removeFrom] = [uncurry(found), uncurry(put), uncurry(removed)];

export class ConcurrentRunner {
  #libc;
  #program;
  #outputs;
  #channel = null;
  #runs = new Map();

  /** `script` is the PROGRAM frame's content; `outputs` are the types of the frames for `stdout` and `stderr`. */
  constructor(libc, script, outputs) {
    this.#libc = libc;
    this.#program = new Runner(script, null);
    this.#outputs = outputs;
  }

  /** Before the fork: compiles the script, and defines its globals. */
  async prepare() {
    await this.#program.prepare();
    for (const name of ['event', 'input']) {
      defineProperty(globalThis, name, {
        __proto__: null,
        configurable: true,
        enumerable: true,
        get: () => storeOf(storage)?.[name],
        set: (value) => {
          const run = storeOf(storage);
          if (run !== undefined) run[name] = value;
        },
      });
    }
  }

  /** In the child: results and output go to `channel` from now on. */
  open(channel) {
    this.#channel = channel;
    routeOutputs(this.#libc, process, (name, bytes, length) => {
      const run = storeOf(storage);
      if (run === undefined || run.isOver) return this.#libc.writeAll(name === 'stdout' ? 1 : 2, bytes, length);
      if (name === 'stdout') run.hasPrinted = true;
      return run.isMuted || channel.sendOutput(run.number, this.#outputs[name], bytes, length);
    });
  }

  /** Begins a run with `json` as its input. */
  run(number, json) {
    const run = {
      __proto__: null, number, event: undefined, input: undefined, isOver: false, isMuted: false,
      hasPrinted: false, readers: [], handler: undefined,
    };
    putIn(this.#runs, number, run);
    within(storage, run, () => this.#execute(run, json));
  }

  /** Drops what this run prints from now on. */
  mute(number) {
    const run = findIn(this.#runs, number);
    if (run !== undefined) run.isMuted = true;
  }

  /** An exception or rejection that no code has handled: it ends the run that it belongs to. */
  failCurrent(thrown) {
    const run = storeOf(storage);
    if (run !== undefined && !run.isOver) return this.#end(run, ERROR, jsonStringify(describeThrown(thrown)));
    return this.#libc.writeAll(2, utf8(`Uncaught, outside of a run: ${describeThrown(thrown).stack}\n`));
  }

  /** The script ends the process. Tells which run did it. */
  exitCurrent(code) {
    const run = storeOf(storage);
    if (run !== undefined && !run.isOver) this.#end(run, EXIT, toText(code));
  }

  async #execute(run, json) {
    const { compileError } = this.#program;
    if (compileError !== null) {
      const { message, line, column, file } = compileError;
      return this.#end(run, COMPILE_ERROR, jsonStringify({ __proto__: null, message, file, line, column }));
    }
    const begun = hrtime();
    try {
      run.event = run.input = jsonParse(json);
      const { kind, json: result } = await this.#program.runBeside(run, run.event, begun);
      return this.#end(run, kind, result);
    } catch (thrown) {
      return this.#end(run, ERROR, jsonStringify(describeThrown(thrown)));
    }
  }

  #end(run, kind, json) {
    if (run.isOver) return;
    run.isOver = true;
    removeFrom(this.#runs, run.number);
    this.#channel.sendResult(run.number, messageOf(kind, utf8(json)));
  }
}
