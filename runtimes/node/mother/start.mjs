// Starts the mother: does once what is the same for every zygote, and tells the server that she is warm.
import { MOTHER, loadLibc } from '../kernel/libc.mjs';
import { forgetWorkerThreads } from '../kernel/platform.mjs';
import { process } from '../kernel/primordials.mjs';
import { loadV8 } from '../kernel/randomness.mjs';
import { awaitThreads, countThreads } from '../kernel/threads.mjs';
import { replacePerformance } from '../script/clock.mjs';
import { loadLibraries } from '../script/libraries.mjs';
import { replaceLimits } from '../script/limits.mjs';
import { replaceOutputs } from '../script/stdio.mjs';
import { die } from '../zygote/die.mjs';
import { inLoop } from '../zygote/in-loop.mjs';
import { learnInheritance } from '../zygote/inheritance.mjs';
import { Zygote } from '../zygote/loop.mjs';
import { programArguments, requireProcessOne, restoreLimit } from '../zygote/process-one.mjs';
import { runtimeVersion } from '../zygote/version.mjs';
import { WarmUp } from '../zygote/warm-up.mjs';
import { loadCalls } from './call-names.mjs';
import { CallList } from './calls.mjs';
import { MotherChild } from './child.mjs';
import { DescriptorList, closeInherited, fillGaps } from './descriptors.mjs';
import { suppliedValues } from './given.mjs';
import { LineReader } from './lines.mjs';
import { Mother } from './loop.mjs';
import { MeetingPlace } from './meeting.mjs';
import { setupOf } from './orders.mjs';
import { rehearseChild } from './rehearsal.mjs';

const PR_SET_DUMPABLE = 4;
const THREADS_OF_FORK = 1; // fork(2) copies only the thread that calls it

const libc = loadLibc();

async function main() {
  requireProcessOne(libc, 'mother.mjs');
  forgetWorkerThreads();
  replaceOutputs(libc, process);
  replaceLimits();
  replacePerformance();
  await loadLibraries(libc, programArguments());
  const threads = countThreads();
  const v8 = loadV8();
  const warmUp = new WarmUp(libc, v8);
  await warmUp.finish();
  await rehearseChild(libc);
  const lines = new LineReader(libc, 0);
  const first = lines.read();
  if (first === null) libc._exit(0);
  const mother = makeMother(setupOf(first), lines, () => learn(v8, warmUp, threads));
  mother.reply(runtimeVersion);
  await inLoop(libc, () => mother.serve());
}

/** Learns what a zygote of its own would learn by itself: `{inheritance, facts}`. */
function learn(v8, warmUp, threads) {
  awaitThreads(libc, threads);
  closeInherited(libc);
  fillGaps(libc);
  const inheritance = learnInheritance(libc, v8);
  libc.setName(MOTHER);
  libc.prctl(PR_SET_DUMPABLE, 0n, 0n, 0n, 0n); // no process of her user may look into her
  return { inheritance, facts: { v8, generator: inheritance.generator, threads: THREADS_OF_FORK, warmUp } };
}

/** `learnFacts` is called when every descriptor of the mother is open. */
function makeMother({ socket, before, child, filter }, lines, learnFacts) {
  const functions = loadCalls();
  const calls = { before: new CallList(functions, before), child: new CallList(functions, child) };
  const meetingPlace = new MeetingPlace(libc, socket);
  const supplied = suppliedValues(libc, filter);
  const { inheritance, facts } = learnFacts();
  const zygote = new Zygote(libc, restoreLimit(), facts);
  const descriptors = new DescriptorList(libc, inheritance);
  const motherChild = new MotherChild(libc, { meetingPlace, inheritance, descriptors, calls: calls.child, zygote });
  return new Mother(libc, { lines, calls, supplied, child: motherChild });
}

/** Serves until the end. Not awaited: see zygote/start.mjs. */
export function serve() {
  main().catch((error) => die(libc, error));
}
