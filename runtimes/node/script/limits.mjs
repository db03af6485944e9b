// Tells a script what its sandbox may use, in the places where programs ask: the machine has more.
//
// Theory of operation: the functions are replaced once, before the first fork, in `node:os` as in its ES module. They read
// `told`, which the PROGRAM frame fills. Until then they tell what node tells.
import { syncBuiltinESMExports } from 'node:module';
import { defineProperty, process } from '../kernel/primordials.mjs';

/** What the server has told of the sandbox; a member is null when it has not. */
export const told = { __proto__: null, memoryBytes: null, cpus: null, timeoutMilliseconds: null };

/** Takes the limits from the PROGRAM frame's content. */
export function tellLimits({ memoryBytes = null, cpus = null, timeoutMilliseconds = null }) {
  told.memoryBytes = memoryBytes;
  told.cpus = cpus;
  told.timeoutMilliseconds = timeoutMilliseconds;
}

const parallelism = () => Math.max(1, Math.floor(told.cpus));

/** Replaces the functions that tell about memory and processors. */
export function replaceLimits() {
  const os = process.getBuiltinModule('node:os');
  const { memoryUsage: { rss } } = process;
  replace(os, 'totalmem', (native) => told.memoryBytes ?? native());
  replace(os, 'freemem', (native) => (told.memoryBytes === null ? native() : Math.max(0, told.memoryBytes - rss())));
  replace(os, 'availableParallelism', (native) => (told.cpus === null ? native() : Math.min(native(), parallelism())));
  replace(os, 'cpus', (native) => (told.cpus === null ? native() : native().slice(0, parallelism())));
  replace(process, 'constrainedMemory', (native) => told.memoryBytes ?? native());
  replace(process, 'availableMemory', (native) => (told.memoryBytes === null ? native() : Math.max(0, told.memoryBytes - rss())));
  syncBuiltinESMExports();
  const navigator = Object.getPrototypeOf(globalThis.navigator);
  const { get } = Object.getOwnPropertyDescriptor(navigator, 'hardwareConcurrency');
  const own = { get hardwareConcurrency() { return told.cpus === null ? get.call(this) : Math.min(get.call(this), parallelism()); } };
  defineProperty(navigator, 'hardwareConcurrency', Object.getOwnPropertyDescriptor(own, 'hardwareConcurrency'));
}

function replace(target, name, tell) {
  const native = target[name];
  const { enumerable } = Object.getOwnPropertyDescriptor(target, name);
  const { [name]: replacement } = { [name]: () => tell(native) };
  defineProperty(target, name, { __proto__: null, value: replacement, enumerable, writable: true, configurable: true });
}
