// Starts a zygote that has no mother: it learns by itself what children inherit, and warms up while no program comes.
import { compactHeap } from '../kernel/heap.mjs';
import { loadLibc } from '../kernel/libc.mjs';
import { forgetWorkerThreads } from '../kernel/platform.mjs';
import { process } from '../kernel/primordials.mjs';
import { loadV8 } from '../kernel/randomness.mjs';
import { countThreads } from '../kernel/threads.mjs';
import { replacePerformance } from '../script/clock.mjs';
import { loadLibraries } from '../script/libraries.mjs';
import { replaceLimits } from '../script/limits.mjs';
import { replaceOutputs } from '../script/stdio.mjs';
import { die } from './die.mjs';
import { learnInheritance } from './inheritance.mjs';
import { Zygote } from './loop.mjs';
import { programArguments, requireProcessOne, restoreLimit } from './process-one.mjs';
import { WarmUp } from './warm-up.mjs';

const libc = loadLibc();

async function main() {
  requireProcessOne(libc, 'zygote.mjs');
  forgetWorkerThreads();
  replaceOutputs(libc, process);
  replaceLimits();
  replacePerformance();
  await loadLibraries(libc, programArguments());
  const v8 = loadV8();
  const { shared, generator } = learnInheritance(libc, v8);
  const warmUp = new WarmUp(libc, v8);
  const zygote = new Zygote(libc, restoreLimit(), { v8, generator, threads: countThreads(), warmUp });
  zygote.announce(shared);
  const isWanted = () => libc.isReadable(0);
  await warmUp.until(isWanted);
  if (!isWanted()) compactHeap();
  await zygote.live();
}

/** Serves until the end. Not awaited: an empty event loop, which a child may have, is an error while a module still awaits. */
export function serve() {
  main().catch((error) => die(libc, error));
}
