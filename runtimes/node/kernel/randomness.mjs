// Gives each forked child a `Math.random` of its own.
//
// Theory of operation: V8 seeds the `Math.random` of a context at its first use, from a generator that belongs to the
// isolate. A fork copies that generator, so every child would draw the same seed. The child therefore reseeds it from
// the kernel (by V8's RandomNumberGenerator::SetSeed, an exported symbol). This also covers the contexts that `node:vm`
// makes later. The address of the generator is not part of V8's interface: `findGenerator` looks where the pinned
// version keeps it, and accepts the address only if a call of `Math.random` has changed the state there as expected.
// Otherwise `replaceMathRandom` (xorshift.mjs) replaces `Math.random` by a generator written in JavaScript.
//
// Other sources need no reseeding: OpenSSL (node:crypto) notices a fork, node fills its pools of random bytes at first
// use, which is in the child, and libc and libuv read from the kernel.
import { closeSync, openSync, readSync } from 'node:fs';
import { dlopen } from 'node:ffi';
import { replaceMathRandom } from './xorshift.mjs';

const GENERATOR_OFFSET = 0x101e8n; // of random_number_generator_ in v8::internal::Isolate, V8 14.6
const GENERATOR_SIZE = 24; // initial seed and the two words of xorshift128+
const MOST_STEPS = 16; // a context's seed takes eight
const MASK = (1n << 64n) - 1n;

const v8Symbols = {
  _ZN2v87Isolate10GetCurrentEv: { return: 'pointer', arguments: [] },
  _ZN2v84base21RandomNumberGenerator7SetSeedEl: { return: 'void', arguments: ['pointer', 'i64'] },
};

/** V8's functions, or null in a node that does not export them. */
export function loadV8() {
  try {
    const functions = dlopen(null, v8Symbols).functions;
    return {
      currentIsolate: functions._ZN2v87Isolate10GetCurrentEv,
      setSeed: functions._ZN2v84base21RandomNumberGenerator7SetSeedEl,
    };
  } catch {
    return null;
  }
}

/**
 * The address of the isolate's generator, or null. Uses up numbers of `Math.random`, so call it only in a process that
 * ends afterwards. Reads memory through /proc, where a wrong address gives an error rather than a crash.
 */
export function findGenerator(v8) {
  if (v8 === null) return null;
  const memory = openSync('/proc/self/mem');
  try {
    const pointer = Buffer.alloc(8);
    readSync(memory, pointer, 0, pointer.length, v8.currentIsolate() + GENERATOR_OFFSET);
    const address = pointer.readBigUInt64LE();
    const before = stateAt(memory, address);
    Math.random();
    return isLaterState(before, stateAt(memory, address)) ? address : null;
  } catch {
    return null;
  } finally {
    closeSync(memory);
  }
}

function stateAt(memory, address) {
  const bytes = Buffer.alloc(GENERATOR_SIZE);
  readSync(memory, bytes, 0, bytes.length, address);
  return [bytes.readBigUInt64LE(8), bytes.readBigUInt64LE(16)];
}

function isLaterState([low, high], [laterLow, laterHigh]) {
  for (let step = 0; step < MOST_STEPS; step++) {
    [low, high] = [high, xorshift(low, high)];
    if (low === laterLow && high === laterHigh) return true;
  }
  return false;
}

function xorshift(s1, s0) {
  s1 ^= (s1 << 23n) & MASK;
  return s1 ^ (s1 >> 17n) ^ s0 ^ (s0 >> 26n);
}

/** Reseeds a child's `Math.random`: at `address`, or by replacing the function when `address` is null. */
export function reseed(libc, v8, address) {
  if (address === null) replaceMathRandom(libc.randomBytes(16));
  else v8.setSeed(address, libc.randomBytes(8).readBigInt64LE());
}
