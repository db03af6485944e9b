// V8's heap: makes it small before children share it, and gives it another limit.
//
// Theory of operation, of the size: a fork copies the page tables, and its end takes them down again. Both cost as much as there are
// pages. So the garbage of the start and of the warm-up is collected before the first fork, and its pages go back to the
// kernel.
//
// Theory of operation, of the limit: V8 takes it from a flag when it starts, and so before a version is known. Afterwards two functions
// change it. When the heap is nearly full, V8 asks a callback for a new limit of the old generation, and takes it if it is higher
// (AddNearHeapLimitCallback). When the callback is removed, V8 takes the limit that comes with that call if it is lower
// (RemoveNearHeapLimitCallback). V8 asks while it collects garbage, when no JavaScript can run. So the callback is labs(3) of the C
// library, which returns its first argument, the positive number that was given with the callback.
//
// The functions are found by their exported symbols. V8's function `gc` could also be seen by scripts.
import { dlopen } from 'node:ffi';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';

const functions = {
  _ZN2v87Isolate10GetCurrentEv: { return: 'pointer', arguments: [] },
  _ZN2v87Isolate21LowMemoryNotificationEv: { return: 'void', arguments: ['pointer'] },
  malloc_trim: { return: 'i32', arguments: ['u64'] },
};
const limitFunctions = {
  _ZN2v87Isolate10GetCurrentEv: { return: 'pointer', arguments: [] },
  _ZN2v87Isolate24AddNearHeapLimitCallbackEPFmPvmmES1_: { return: 'void', arguments: ['pointer', 'pointer', 'u64'] },
  _ZN2v87Isolate27RemoveNearHeapLimitCallbackEPFmPvmmEm: { return: 'void', arguments: ['pointer', 'pointer', 'u64'] },
  labs: { return: 'i64', arguments: ['i64'] },
};
const ROUNDS = 2; // the second one collects what the finalizers of the first have let go
const YOUNG_PART = 8; // V8 keeps about this part of a heap for the young generation
const MEGABYTE = 1 << 20;

/** Collects all garbage. Takes tens of milliseconds. Changes nothing in a node that does not export the functions. */
export function compactHeap() {
  let native;
  try {
    native = dlopen(null, functions).functions;
  } catch {
    return;
  }
  const isolate = native._ZN2v87Isolate10GetCurrentEv();
  for (let round = 0; round < ROUNDS; round++) native._ZN2v87Isolate21LowMemoryNotificationEv(isolate);
  native.malloc_trim(0n);
}

const heapLimit = () => getHeapStatistics().heap_size_limit;

/** Lets V8's heap, its young and its old generation together, grow to `bytes`, and no further. Threads of the script get the same. */
export function limitHeap(bytes) {
  setFlagsFromString(`--max-heap-size=${bytes / MEGABYTE}`); // of threads that are yet to start
  if (bytes > heapLimit()) raiseHeap(bytes);
  else lowerHeap(bytes);
}

function raiseHeap(bytes) {
  const { isolate, add, callback } = nativeLimit();
  add(isolate, callback, BigInt(bytes - Math.floor(heapLimit() / YOUNG_PART)));
}

/** The young generation keeps its size, which is not told: the old one is made smaller until the sum is right. */
function lowerHeap(bytes) {
  const { isolate, add, remove, callback } = nativeLimit();
  const least = bytes / 2;
  for (let old = bytes; heapLimit() > bytes && old >= least; old -= heapLimit() - bytes) {
    add(isolate, callback, BigInt(old));
    remove(isolate, callback, BigInt(Math.floor(old)));
  }
  if (heapLimit() <= bytes) return;
  // The young generation could take half of the heap or more: it stays as small as it is.
  setFlagsFromString('--semi-space-growth-factor=1');
  add(isolate, callback, BigInt(least));
  remove(isolate, callback, BigInt(least));
}

function nativeLimit() {
  const native = dlopen(null, limitFunctions).functions;
  return {
    isolate: native._ZN2v87Isolate10GetCurrentEv(),
    add: native._ZN2v87Isolate24AddNearHeapLimitCallbackEPFmPvmmES1_,
    remove: native._ZN2v87Isolate27RemoveNearHeapLimitCallbackEPFmPvmmEm,
    callback: native.labs.pointer,
  };
}
