// Tells V8 that it has no worker threads.
//
// Theory of operation: node always starts at least one worker thread (--v8-pool-size=0 means "as many as fit"). V8 posts
// tasks to the workers, for each scavenge for instance, even when --single-threaded makes it do the work itself. A fork
// does not copy the workers, so in a child a posted task stays outstanding, and node, which waits for outstanding tasks
// when its event loop is empty, waits for ever. So the platform object gets its own table of virtual functions, which
// reports no worker threads and ignores posted tasks (the caller destroys a task that was not taken). Every address comes
// from an exported symbol. A node that lacks one of the symbols is refused.
import { dlopen, getUint64, setUint64 } from 'node:ffi';

const PLATFORM = '_ZN4node11per_process11v8_platformE';
const TABLE = '_ZTVN4node12NodePlatformE';
const IDLE = 'sched_yield'; // takes no arguments, returns 0, changes nothing
const TASK = 'EN2v812TaskPriorityESt10unique_ptrINS1_4TaskESt14default_deleteIS4_EE'; // a priority and a task, mangled
const replaced = [
  '_ZN4node12NodePlatform21NumberOfWorkerThreadsEv',
  `_ZN4node12NodePlatform26PostTaskOnWorkerThreadImpl${TASK}RKNS1_14SourceLocationE`,
  `_ZN4node12NodePlatform33PostDelayedTaskOnWorkerThreadImpl${TASK}dRKNS1_14SourceLocationE`,
];
const functions = {
  malloc: { return: 'pointer', arguments: ['u64'] },
  _ZN2v87Isolate10GetCurrentEv: { return: 'pointer', arguments: [] },
  _ZN4node12NodePlatform10DrainTasksEPN2v87IsolateE: { return: 'void', arguments: ['pointer', 'pointer'] },
};

const WORD_SIZE = 8;
const TABLE_WORDS = 64; // more than the table has
const BEFORE_FUNCTIONS = 2; // words of a table before its first function
const HOLDER_WORDS = 16; // of per_process::v8_platform, one of which points to the platform

/** Must be called before the first fork. Waits until the tasks that were posted so far are done. */
export function forgetWorkerThreads() {
  const { lib, functions: native } = dlopen(null, functions);
  const table = lib.getSymbol(TABLE);
  const platform = platformIn(lib.getSymbol(PLATFORM), firstFunctionOf(table));
  const words = Array.from({ length: TABLE_WORDS }, (_, at) => getUint64(table, at * WORD_SIZE));
  for (const name of replaced) {
    const at = words.indexOf(lib.getSymbol(name));
    if (at < 0) throw new Error(`this node cannot be forked: ${name} is not in its table`);
    words[at] = lib.getSymbol(IDLE);
  }
  const own = native.malloc(BigInt(TABLE_WORDS * WORD_SIZE)); // never freed: the platform uses it until it ends
  words.forEach((word, at) => setUint64(own, at * WORD_SIZE, word));
  setUint64(platform, 0, firstFunctionOf(own));
  native._ZN4node12NodePlatform10DrainTasksEPN2v87IsolateE(platform, native._ZN2v87Isolate10GetCurrentEv());
}

const firstFunctionOf = (table) => table + BigInt(BEFORE_FUNCTIONS * WORD_SIZE);

function platformIn(holder, firstFunction) {
  for (let word = 0; word < HOLDER_WORDS; word++) {
    const candidate = getUint64(holder, word * WORD_SIZE);
    if (isAddress(candidate) && getUint64(candidate) === firstFunction) return candidate;
  }
  throw new Error('this node cannot be forked: its platform is not where it is expected');
}

// The words beside the pointer are flags, counts and pointers to other objects of node.
const isAddress = (word) => word > 0xffffn && word < 1n << 47n && word % BigInt(WORD_SIZE) === 0n;
