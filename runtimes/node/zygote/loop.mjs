// The zygote's loop over the server's frames.
//
// Theory of operation: starting node takes tens of milliseconds, forking it takes two. So node starts once per sandbox, is
// bound to one program, compiles it, loads the modules of node that it names, and forks one child per run. It forks ahead:
// the child sets itself up and waits for its order, so a RUN costs little more than the script. Even a warm zygote that has
// no program yet has such a child. For isolation `sandbox` that child takes the program as its first order. For any other
// isolation the zygote replaces it by children that are forked with the program compiled.
//
// The zygote itself never runs a statement of the script. It turns the event loop after the first fork for a program only to execute
// libraries that the operator trusts (ahead-trial.mjs), while no child is alive and the server's pipes are out of their reach. Otherwise
// it reads a frame, passes it to the child, relays the child's output (relay.mjs), kills and reaps all processes
// (reap.mjs), restores /tmp (scratch.mjs), and sends END.
//
// A child leaves this file through a function that the loop returns, and goes on in node's event loop.
import { compactHeap, limitHeap } from '../kernel/heap.mjs';
import { startImmediate } from '../kernel/primordials.mjs';
import { ignoreSignals } from '../kernel/signals.mjs';
import { awaitThreads } from '../kernel/threads.mjs';
import { setEnvironment } from '../script/environment.mjs';
import { tellLimits } from '../script/limits.mjs';
import { SCRIPT_FOLDER } from '../script/module-scope.mjs';
import { preloadNamed } from '../script/preload.mjs';
import { trustAuthority, useProxy } from '../script/proxy.mjs';
import { tryAhead, turnTwice, verdictOf } from './ahead-trial.mjs';
import { Child } from './child.mjs';
import { die } from './die.mjs';
import { ConcurrentChild } from './concurrent-child.mjs';
import { DirectEnds, Ends, forkChild, forkDirectChild, putAside } from './fork.mjs';
import {
  BrokenPeer, CHECK, END, FILE, FILE_BYTES, FrameReader, FrameWriter, PROGRAM, READY, RUN, SECRETS, TRACE,
} from './frames.mjs';
import { inLoop } from './in-loop.mjs';
import { Inbox } from './inbox.mjs';
import { keepCompany } from './keeper.mjs';
import { Outbox } from './outbox.mjs';
import { parseProgramFrame } from './program-frame.mjs';
import { killAll } from './reap.mjs';
import { Relay } from './relay.mjs';
import { ScratchFolders } from './scratch.mjs';
import { ScriptFile } from './script-file.mjs';
import { runtimeVersion } from './version.mjs';

const PR_SET_DUMPABLE = 4;
const LONG = 3_600_000; // milliseconds: the server has a shorter limit on how long a run may take
const TRIALS = 4; // of the libraries; an order interrupts all but the last one
const HOLD_UP = { part: 0.2, most: 1000 }; // how long libraries may hold a run up: a part of the run's time, milliseconds
const PIPE_CAPACITY = 1024 * 1024; // bytes that a pipe can hold (Linux's default for pipe-max-size)

/**
 * The zygote. `facts` are what a zygote of its own learns by itself, and the mother for all her children:
 * `{v8, generator, threads, warmUp}` (V8's functions, the address of V8's generator, the number of threads that stay, the
 * warm-up).
 */
export class Zygote {
  #libc;
  #v8;
  #inheritance;
  #reader;
  #writer;
  #scratch;
  #restoreLimit;
  #threads;
  #warmUp;
  #ahead = null; // the handle of a child that was forked before PROGRAM came
  #script;
  #child = null; // prepared for the script, and inherited by each child; null while `ahead` serves
  #isShared = false;
  #isConcurrent = false;
  #isLast = false;
  #inbox = new Inbox();
  #outbox = null; // where runs may give back files
  #trials = 0; // that are left of whether the libraries may be executed here

  constructor(libc, restoreLimit, { v8, generator, threads, warmUp }) {
    this.#libc = libc;
    this.#restoreLimit = restoreLimit;
    this.#v8 = v8;
    this.#threads = threads;
    this.#warmUp = warmUp;
    this.#reader = new FrameReader(libc, 0);
    this.#writer = new FrameWriter(libc, 1);
    this.#scratch = new ScratchFolders(libc, ['/tmp', '/dev/shm']);
    this.#inheritance = { shared: [], generator, restoreSignals: ignoreSignals(libc) };
  }

  /** Inside its walls: sends READY. `shared` are the descriptors that its children would share with it. */
  announce(shared) {
    this.#inheritance.shared = shared;
    this.#scratch.learn();
    this.#libc.prctl(PR_SET_DUMPABLE, 0n, 0n, 0n, 0n); // no child may read this process's memory or descriptors
    this.#writer.sendJson(READY, runtimeVersion);
  }

  /** Serves until the end. Settles in a child only, when the child's own promise has settled. */
  async live() {
    await inLoop(this.#libc, () => this.takeProgram());
    await this.prepare();
    await inLoop(this.#libc, () => (this.#isConcurrent ? this.serveConcurrently() : this.serve()));
    while (this.#trials > 0) {
      await this.#goAhead();
      await inLoop(this.#libc, () => this.serve());
    }
  }

  /** Takes the PROGRAM frame. In a child, returns the function by which it goes on; in the zygote, null. */
  takeProgram() {
    if (!this.#libc.isReadable(0)) {
      awaitThreads(this.#libc, this.#threads);
      const forked = this.#fork();
      if (forked instanceof Ends) return () => this.#beginWithProgram(forked).catch((error) => die(this.#libc, error));
      this.#ahead = forked;
    }
    const first = this.#reader.read();
    if (first === null) return this.#libc._exit(0);
    if (first.type !== PROGRAM) throw new BrokenPeer('the first frame is not PROGRAM');
    this.#script = parseProgramFrame(first.payload);
    this.#isShared = this.#script.isolation === 'shared';
    this.#isConcurrent = this.#script.concurrency > 1;
    this.#isLast = this.#script.isolation === 'sandbox';
    if (this.#isLast && this.#ahead !== null) this.#libc.writeAll(this.#ahead.order, first.bytes);
    const { filename, text, source, out } = this.#script;
    if (out !== undefined && !this.#isShared) this.#outbox = new Outbox(this.#libc, this.#writer, out);
    this.#scratch.keep(new ScriptFile(this.#libc, SCRIPT_FOLDER, filename, text ?? source));
    return null;
  }

  /** Does for the program what needs to be done only once, unless the child ahead has taken the program. */
  async prepare() {
    if (this.#ahead !== null) {
      if (this.#isLast) return;
      this.#clearAway(this.#ahead);
      this.#ahead = null;
    }
    await (this.#isLast ? this.#warmUp.breakOff() : this.#warmUp.finish());
    this.#child = this.#isConcurrent
      ? new ConcurrentChild(this.#libc, this.#script, this.#reader.takeHeld())
      : new Child(this.#libc, this.#script);
    await this.#prepare(this.#child, this.#script);
    if (this.#script.librariesAhead && !this.#isShared && !this.#isLast && this.#child.mayBeginAhead) this.#trials = TRIALS;
    awaitThreads(this.#libc, this.#threads);
  }

  /**
   * Serves RUN and CHECK frames. Returns in a child the function by which it goes on, and null when no order is there and the libraries
   * of the script are to be executed.
   */
  serve() {
    let handle = this.#ahead;
    for (;;) {
      if (handle === null && this.#trials > 0 && (this.#trials === 1 || !this.#reader.isReadable)) return null;
      handle ??= this.#fork();
      if (handle instanceof Ends) return () => this.#begin(this.#child, handle);
      const before = []; // the frames that the child gets before its order
      const order = this.#takeOrder(before);
      if (order === null) return this.#libc._exit(0);
      if (order.type !== RUN && order.type !== CHECK) throw new BrokenPeer(`a frame of type ${order.type} is no order`);
      if (this.#child !== null && this.#libc.isReadable(handle.pidfd)) { // the child has died before its order
        if (this.#inbox.hasFiles) throw new Error('the child has died, and clearing up after it removes the files of the call');
        this.#clearAway(handle);
        handle = this.#fork();
        if (handle instanceof Ends) return () => this.#begin(this.#child, handle);
      }
      for (const frame of before) {
        this.#libc.writeAll(handle.order, frame);
        frame.fill(0);
      }
      if (!this.#run(handle, order.bytes, order.type === RUN ? this.#outbox : null)) handle = null;
    }
  }

  /** Forks the child that speaks with the server itself, and waits for its end. Returns in the child only. */
  serveConcurrently() {
    const forked = forkDirectChild(this.#libc, this.#inheritance);
    if (forked instanceof DirectEnds) return () => this.#begin(this.#child, forked);
    keepCompany(this.#libc, this.#writer, forked);
    return this.#libc._exit(0);
  }

  /** Takes the frames up to the next order, or the end: what the run has beside its input goes to `before`, or into /tmp/in. */
  #takeOrder(before) {
    let order = this.#reader.read();
    for (; order !== null; order = this.#reader.read()) {
      const { type } = order;
      if (type === FILE && !this.#isShared) this.#inbox.begin(order.payload);
      else if (type === FILE_BYTES && !this.#isShared) this.#inbox.append(order.payload);
      else if ((type === TRACE || type === SECRETS) && before.every(([known]) => known !== type)) {
        before.push(Buffer.from(order.bytes));
        order.bytes.fill(0); // no secret stays here, where further children are forked
      } else break;
    }
    this.#inbox.end();
    return order;
  }

  /** Executes the libraries of the script here, so that all children share them, if a fork has tried it. */
  async #goAhead() {
    const givesWay = this.#trials > 1;
    const longest = longestHoldUp(this.#script) * (givesWay ? 1 : 0.5); // the last attempt holds a run up twice
    let verdict;
    this.#scratch.beforeRun();
    await inLoop(this.#libc, () => {
      const forked = this.#fork();
      if (forked instanceof Ends) return () => tryAhead(this.#libc, this.#child, forked).catch((error) => die(this.#libc, error));
      verdict = verdictOf(this.#libc, forked, this.#reader, { givesWay, longest });
      return null;
    });
    const why = verdict.why ?? (this.#scratch.isUntouched ? null : 'they leave files');
    this.#restoreScratch();
    this.#trials = verdict.isLater ? this.#trials - 1 : 0;
    if (verdict.isLater) return;
    if (why === null) await this.#executeAhead();
    else this.#libc.writeAll(2, Buffer.from(`node zygote: the libraries are left to each run: ${why}\n`));
  }

  /** As above. What each fork copies is the page tables, so the garbage goes. */
  async #executeAhead() {
    const giveBack = putAside(this.#libc, [0, 1]);
    const stands = await this.#child.beginAhead();
    await turnTwice();
    giveBack();
    if (!stands) throw new Error('the libraries behave otherwise than in their trial');
    this.#restoreScratch();
    compactHeap();
    awaitThreads(this.#libc, this.#threads);
  }

  #fork() {
    return forkChild(this.#libc, this.#inheritance);
  }

  async #prepare(child, script) {
    const { source, filename } = script;
    tellLimits(script);
    setEnvironment(script);
    if (script.heapBytes !== undefined) limitHeap(script.heapBytes);
    if (script.proxy !== undefined) useProxy(script.proxy);
    if (script.authority !== undefined) trustAuthority(script.authority);
    await preloadNamed(source);
    await child.prepare();
    child.adopt(filename);
  }

  /** In a child that was forked with its program. */
  #begin(child, ends) {
    return child.begin({ v8: this.#v8, generator: this.#inheritance.generator }, ends);
  }

  /** In the child that was forked before the program came. */
  async #beginWithProgram(ends) {
    const orders = new FrameReader(this.#libc, ends.order);
    const first = orders.read();
    if (first === null) return this.#libc._exit(0);
    const script = parseProgramFrame(first.payload);
    const child = new Child(this.#libc, script, orders);
    await this.#prepare(child, script);
    return startImmediate(() => this.#begin(child, ends)); // in a turn of the loop of its own, as `serve` begins a run
  }

  /** Carries out an order, whose run may give back files if there is an `outbox`. Returns false when its child is dead afterwards. */
  #run(handle, order, outbox) {
    const libc = this.#libc;
    this.#scratch.beforeRun();
    this.#inbox.forget();
    libc.writeAll(handle.order, order); // the relay notices a child that died before it had read the whole order
    if (!this.#isShared) handle.closeOrder();
    const relay = new Relay(libc, this.#writer, handle.pipes, handle.pidfd, this.#isShared, outbox && (() => outbox.announce()));
    if (relay.forward() && this.#isShared) {
      relay.drain(PIPE_CAPACITY);
      this.#writer.sendJson(END, { exitCode: 0, signal: null, ...handle.usage(), last: false });
      return true;
    }
    const end = killAll(libc, handle.pid);
    end.cpuMicroseconds = Math.max(0, end.cpuMicroseconds - handle.reportedMicroseconds);
    relay.drain();
    handle.close();
    outbox?.end(relay.isGood(end));
    const last = this.#isLast || !this.#scratch.restore(this.#restoreLimit);
    this.#writer.sendJson(END, { ...end, last });
    if (last) libc._exit(0);
    return false;
  }

  /** Clears away a child that served no run, or died between two runs. */
  #clearAway(handle) {
    killAll(this.#libc, handle.pid);
    handle.close();
    this.#restoreScratch();
  }

  #restoreScratch() {
    if (!this.#scratch.restore(LONG)) throw new Error('the folders cannot be emptied');
  }
}

const longestHoldUp = ({ timeoutMilliseconds = Infinity }) => Math.min(HOLD_UP.most, HOLD_UP.part * timeoutMilliseconds);
