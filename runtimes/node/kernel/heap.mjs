// Makes the memory of this process small, before children share it.
//
// Theory of operation: a fork copies the page tables, and its end takes them down again. Both cost as much as there are
// pages. So the garbage of the start and of the warm-up is collected before the first fork, and its pages go back to the
// kernel. V8 is asked by an exported symbol (Isolate::LowMemoryNotification) because its function `gc` could also be seen by
// scripts.
import { dlopen } from 'node:ffi';

const functions = {
  _ZN2v87Isolate10GetCurrentEv: { return: 'pointer', arguments: [] },
  _ZN2v87Isolate21LowMemoryNotificationEv: { return: 'void', arguments: ['pointer'] },
  malloc_trim: { return: 'i32', arguments: ['u64'] },
};
const ROUNDS = 2; // the second one collects what the finalizers of the first have let go

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
