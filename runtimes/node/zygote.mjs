// The node runtime: process 1 of a sandbox. Speaks runtimes/PROTOCOL.md on its stdin and stdout.
//
//   node --no-warnings --experimental-ffi --v8-pool-size=0 --single-threaded --disable-sigusr1 zygote.mjs [milliseconds]
//
// The argument is how long emptying the folders may take between two invocations; 50 without it.
//
// Theory of operation: starting node takes tens of milliseconds, forking it two. So one node starts once in a
// sandbox, is bound to one program, compiles it, loads the modules of node that it names, and forks for every
// invocation. The fork comes ahead of the call: the child sets itself up and waits for its order; an INVOKE then costs
// little more than the script. While a warm zygote waits for its program, there is a child already: the program of a
// single call goes to it as its first order, any other program gets children that have it from birth.
// The zygote itself never runs a statement of the script, and from a program's first fork on
// never turns the event loop. It reads a frame, hands it to the child, carries its output (relay.mjs), kills and reaps
// everybody (reap.mjs), empties /tmp (cleanup.mjs), and says END.
//
// A child leaves this file by its end and goes on in node's event loop.
//
// Why the flags: without --single-threaded and --v8-pool-size=0 the child waits for threads that a fork does not
// copy. Without --disable-sigusr1 a script could open the zygote's inspector by a signal. The sandbox's seccomp
// filter must answer madvise(MADV_DONTFORK) with 0, or the child has no heap.
//
// Exit codes: 0 end of input or after an END that was the last, 70 the server broke the protocol, 71 the promise of END cannot be kept (or node cannot
// be forked here), 72 not process 1. The reason is on stderr.
import { Life } from './zygote/child.mjs';
import { ScratchFolders } from './zygote/scratch.mjs';
import { Ends, forkChild } from './zygote/fork.mjs';
import { BrokenPeer, END, FrameReader, FrameWriter, PROGRAM, READY } from './zygote/frames.mjs';
import { loadLibc } from './kernel/libc.mjs';
import { forgetWorkerThreads } from './kernel/platform.mjs';
import { preloadMentioned } from './script/preload.mjs';
import { process } from './kernel/primordials.mjs';
import { programOf } from './zygote/program-frame.mjs';
import { loadV8 } from './kernel/randomness.mjs';
import { endEverybody } from './zygote/reap.mjs';
import { rehearseFork } from './zygote/inheritance.mjs';
import { Relay } from './zygote/relay.mjs';
import { ignoreSignals } from './kernel/signals.mjs';
import { replaceOutputs } from './script/stdio.mjs';
import { awaitThreads, countThreads } from './kernel/threads.mjs';
import { WarmUp } from './zygote/warm-up.mjs';

const PROTOCOL_VERSION = 1;
const BROKEN_PEER = 70;
const CANNOT_KEEP_PROMISE = 71;
const NOT_PROCESS_ONE = 72;
const PR_SET_DUMPABLE = 4;
const EMPTYING = 50; // milliseconds
const LONG = 3_600_000; // milliseconds: the server has its own idea of how long a call may take
const MOST_HELD = 1024 * 1024; // bytes that a pipe can hold (pipe-max-size as Linux has it)

class Zygote {
  #libc;
  #v8;
  #inheritance;
  #reader;
  #writer;
  #scratch;
  #emptying;
  #threads;
  #warmth;
  #ahead = null;
  #program;
  #life = null;
  #isShared = false;
  #isLast = false;

  constructor(libc, emptying) {
    this.#libc = libc;
    this.#emptying = emptying;
    this.#v8 = loadV8();
    this.#reader = new FrameReader(libc, 0);
    this.#writer = new FrameWriter(libc, 1);
    this.#scratch = new ScratchFolders(libc, ['/tmp', '/dev/shm']);
    const { shared, generator } = rehearseFork(libc, this.#v8);
    libc.prctl(PR_SET_DUMPABLE, 0n, 0n, 0n, 0n); // no child may look into this process or its descriptors
    this.#inheritance = { shared, generator, restoreSignals: ignoreSignals(libc) };
  }

  /** Says READY, and warms up until there is something to read. */
  async warmUp() {
    this.#writer.sendJson(READY, { protocol: PROTOCOL_VERSION, runtime: 'node', version: process.versions.node });
    this.#threads = countThreads();
    this.#warmth = new WarmUp(this.#libc);
    await this.#warmth.until(() => this.#libc.isReadable(0));
  }

  /** Takes the program. Answers, in a child only, how it goes on. */
  takeProgram() {
    if (!this.#libc.isReadable(0)) {
      awaitThreads(this.#libc, this.#threads);
      const child = this.#fork();
      if (child instanceof Ends) return () => this.#liveFromProgram(child).catch(die);
      this.#ahead = child;
    }
    const first = this.#reader.read();
    if (first === null) return this.#libc._exit(0);
    if (first.type !== PROGRAM) throw new BrokenPeer('the first frame is not PROGRAM');
    this.#program = programOf(first.payload);
    this.#isShared = this.#program.isolation === 'shared';
    this.#isLast = this.#program.isolation === 'sandbox';
    if (this.#isLast && this.#ahead !== null) this.#libc.writeAll(this.#ahead.order, first.bytes);
    return null;
  }

  /** Does for the program all that can be done once, unless a child has it. */
  async prepare() {
    if (this.#ahead !== null) {
      if (this.#isLast) return;
      this.#clearAway(this.#ahead);
      this.#ahead = null;
    }
    await (this.#isLast ? this.#warmth.breakOff() : this.#warmth.finish());
    this.#life = new Life(this.#libc, this.#program);
    await this.#bringUp(this.#life, this.#program);
    awaitThreads(this.#libc, this.#threads);
  }

  /** Serves the server. Returns in a child only: how it goes on. */
  serve() {
    let child = this.#ahead;
    for (;;) {
      child ??= this.#fork();
      if (child instanceof Ends) return () => this.#begin(this.#life, child);
      const order = this.#reader.read();
      if (order === null) return this.#libc._exit(0);
      if (order.type === PROGRAM) throw new BrokenPeer('PROGRAM came twice');
      if (this.#life !== null && this.#libc.isReadable(child.pidfd)) { // it has ended
        this.#clearAway(child);
        child = this.#fork();
        if (child instanceof Ends) return () => this.#begin(this.#life, child);
      }
      if (!this.#run(child, order.bytes)) child = null;
    }
  }

  #fork() {
    return forkChild(this.#libc, this.#inheritance);
  }

  async #bringUp(life, { source, filename }) {
    await preloadMentioned(source);
    await life.prepare();
    life.adopt(filename);
  }

  /** In a child. */
  #begin(life, ends) {
    return life.begin({ v8: this.#v8, generator: this.#inheritance.generator }, ends);
  }

  /** In the child that was there before the program. */
  async #liveFromProgram(ends) {
    const orders = new FrameReader(this.#libc, ends.order);
    const first = orders.read();
    if (first === null) return this.#libc._exit(0);
    const program = programOf(first.payload);
    const life = new Life(this.#libc, program, orders);
    await this.#bringUp(life, program);
    return this.#begin(life, ends);
  }

  /** Carries out an order. False when the child is no more. */
  #run(child, order) {
    const libc = this.#libc;
    libc.writeAll(child.order, order); // a child that died before it read all of this is seen by the relay
    if (!this.#isShared) child.closeOrder();
    const relay = new Relay(libc, this.#writer, child.pipes, child.pidfd, this.#isShared);
    if (relay.run() && this.#isShared) {
      relay.drain(MOST_HELD);
      this.#writer.sendJson(END, { exitCode: 0, signal: null, ...child.usage(), last: false });
      return true;
    }
    const end = endEverybody(libc, child.pid);
    end.cpuMicroseconds = Math.max(0, end.cpuMicroseconds - child.toldMicroseconds);
    relay.drain();
    child.close();
    const last = this.#isLast || !this.#scratch.empty(this.#emptying);
    this.#writer.sendJson(END, { ...end, last });
    if (last) libc._exit(0);
    return false;
  }

  /** The child died between two calls, or before its first. */
  #clearAway(child) {
    endEverybody(this.#libc, child.pid);
    child.close();
    if (!this.#scratch.empty(LONG)) throw new Error('the folders cannot be emptied');
  }
}

const libc = loadLibc();

function die(error) {
  libc.writeAll(2, Buffer.from(`${error.stack}\n`));
  libc._exit(error instanceof BrokenPeer ? BROKEN_PEER : CANNOT_KEEP_PROMISE);
}

async function start() {
  if (libc.getpid() !== 1) {
    process.stderr.write('zygote.mjs must be process 1 of a sandbox: it kills every process that it can see\n');
    libc._exit(NOT_PROCESS_ONE);
  }
  forgetWorkerThreads();
  replaceOutputs(libc, process);
  const zygote = new Zygote(libc, Number(process.argv[2] ?? EMPTYING));
  await zygote.warmUp();
  return zygote;
}

/** Has the zygote do something that may fork; in node's loop, so that a child has nothing of node's coming up to do. Settles in the zygote only. */
const inLoop = (step) => new Promise((resolve) => {
  setImmediate(() => {
    let goOn;
    try {
      goOn = step();
    } catch (error) {
      return die(error);
    }
    return goOn === null ? resolve() : goOn();
  });
});

async function live() {
  const zygote = await start();
  await inLoop(() => zygote.takeProgram());
  await zygote.prepare();
  await inLoop(() => zygote.serve());
}

live().catch(die); // not awaited: a module that waits for ever is an error to node when a child's event loop is empty
