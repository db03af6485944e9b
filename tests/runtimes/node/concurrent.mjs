// Speaks with a concurrent child: several runs at once, their frames told apart by number (runtimes/PROTOCOL.md).
import { parseResult, types } from './frames.mjs';
import { Sandbox } from './sandbox.mjs';

const names = new Map(Object.entries(types).map(([name, type]) => [type, name]));

/** A sandbox whose child serves several runs at once. */
export class Concurrent {
  #runs = new Map();
  #last = 0;
  heard = [];
  end = null;
  leftOver = '';

  static async with(source, { concurrency = 8, ...options } = {}) {
    const concurrent = new Concurrent();
    concurrent.sandbox = await Sandbox.with(source, { ...options, isolation: 'shared', concurrency });
    concurrent.#listen().catch((error) => { for (const { reject } of concurrent.#runs.values()) reject(error); });
    return concurrent;
  }

  /** Begins a run. Settles with `{result, stdout, stderr}` when it is over, or with `{end}` when the process has ended. */
  begin(input = {}) {
    const number = ++this.#last;
    const run = { number, stdout: '', stderr: '', bytes: [] };
    run.over = new Promise((resolve, reject) => { Object.assign(run, { resolve, reject }); });
    this.#runs.set(number, run);
    this.sandbox.send(types.run, Buffer.concat([numberBytes(number), Buffer.from(JSON.stringify(input))]));
    return run;
  }

  run(input) {
    return this.begin(input).over;
  }

  cancel({ number }) {
    this.sandbox.send(types.cancel, numberBytes(number));
  }

  async #listen() {
    for (;;) {
      const { type, payload } = await this.sandbox.next();
      if (type === types.end) {
        this.end = JSON.parse(payload);
        for (const run of this.#runs.values()) run.resolve({ end: this.end });
        return;
      }
      this.#take(names.get(type), payload.readUInt32LE(0), payload.subarray(4));
    }
  }

  #take(name, number, bytes) {
    if (number === 0) {
      this.leftOver += bytes;
      return;
    }
    if (name === 'heard') this.heard.push(number);
    const run = this.#runs.get(number);
    if (name === 'stdout' || name === 'stderr') run[name] += bytes;
    else if (name === 'result') run.bytes.push(bytes);
    else if (name === 'done') {
      this.#runs.delete(number);
      run.resolve({ result: parseResult(Buffer.concat(run.bytes)), stdout: run.stdout, stderr: run.stderr });
    }
  }

  async [Symbol.asyncDispose]() {
    await this.sandbox.close();
  }
}

function numberBytes(number) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(number);
  return bytes;
}
