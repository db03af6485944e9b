// Speaks runtimes/PROTOCOL.md with a zygote, over any two streams.
import { FrameSplitter, frame, parseResult, types } from './frames.mjs';

// Milliseconds without a frame after which a test has failed.
export const PATIENCE = 45_000 * Number(process.env.FAAS_TEST_PATIENCE ?? 1);

/** A zygote as the server sees it. `run` and `check` settle when END has come. Subclasses implement `kill` and `whyEnded`. */
export class Conversation {
  #input;
  #output;
  #splitter = new FrameSplitter();
  #frames = [];
  #wake = null;

  /** Sends to `input`, receives from `output`. */
  connect(input, output) {
    this.#input = input;
    this.#output = output;
    input.on('error', () => {});
    output.on('data', (bytes) => {
      for (const read of this.#splitter.push(bytes)) this.#frames.push(read);
      this.#wake?.();
    });
    output.on('close', () => this.#wake?.());
  }

  /** `limits`: `memoryBytes`, `cpus` and `timeoutMilliseconds`, as far as the server tells them. */
  bind(source, { filename = 'script.js', sourceMap = null, isolation, concurrency, handler = null, limits = {}, out } = {}) {
    this.send(types.program, JSON.stringify({ filename, source, sourceMap, isolation, concurrency, handler, out, ...limits }));
  }

  send(type, payload) {
    this.sendBytes(frame(type, payload));
  }

  sendBytes(bytes) {
    this.#input.write(bytes);
  }

  endInput() {
    this.#input.end();
  }

  pauseReading() {
    this.#output.pause();
  }

  resumeReading() {
    this.#output.resume();
  }

  /** The next frame. Throws when the zygote has closed its output. */
  async next() {
    const deadline = setTimeout(() => this.kill(), PATIENCE);
    try {
      return await this.#next();
    } finally {
      clearTimeout(deadline);
    }
  }

  async #next() {
    while (this.#frames.length === 0) {
      if (this.#output.destroyed || this.#output.readableEnded) throw new Error(await this.whyEnded());
      await new Promise((resolve) => { this.#wake = resolve; });
      this.#wake = null;
    }
    return this.#frames.shift();
  }

  /** Gives a file to the next run. */
  give(name, content) {
    this.send(types.file, name);
    const bytes = Buffer.from(content);
    for (let at = 0; at < bytes.length; at += 65536) this.send(types.fileBytes, bytes.subarray(at, at + 65536));
  }

  /** `trace`: a traceparent, which comes before the order. */
  run(input = {}, trace = null) {
    if (trace !== null) this.send(types.trace, trace);
    this.send(types.run, JSON.stringify(input));
    return this.outcome();
  }

  check() {
    this.send(types.check);
    return this.outcome();
  }

  /** Everything up to the next END. */
  async outcome() {
    const files = {}, refused = [];
    let lastFile = null;
    const order = [];
    const parts = { [types.stdout]: [], [types.stderr]: [], [types.result]: [] };
    for (;;) {
      const { type, payload } = await this.next();
      order.push(type);
      if (type === types.outFile) files[lastFile = payload.toString()] = Buffer.alloc(0);
      else if (type === types.outBytes) files[lastFile] = Buffer.concat([files[lastFile], payload]);
      else if (type === types.outRefused) refused.push(JSON.parse(payload));
      else if (type !== types.end && type !== types.out) parts[type].push(payload);
      if (type !== types.end) continue;
      const [stdout, stderr] = [types.stdout, types.stderr].map((stream) => Buffer.concat(parts[stream]).toString());
      const resultBytes = Buffer.concat(parts[types.result]);
      return { stdout, stderr, resultBytes, result: parseResult(resultBytes), end: JSON.parse(payload), files, refused, order };
    }
  }
}
