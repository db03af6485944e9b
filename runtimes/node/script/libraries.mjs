// Loads the libraries of an image (docs/libraries.md) before the first fork, so that every child already has them.
//
// Theory of operation: a package is loaded once, as a script at /tmp would load it, by `import` and by `require`: the folder of the
// image is /node_modules, where node looks for packages of every file. All forks share its memory until they write to it. A fork
// copies only the thread that calls it, and closes inherited files, so a package whose import leaves a thread, an open file, or
// something that the event loop waits for, is refused: it would hang or fail later, in a script that has done nothing wrong. What a
// package prints while it is loaded goes to stderr, because descriptor 1 belongs to the server.
//
// node draws UUIDs and random integers from pools of random bytes that it fills at their first use. A pool that is filled here would
// be the same in every child. So while packages are loaded, both functions go without their pools, also for a package that imports them
// by name: syncBuiltinESMExports tells such imports of the replacement, and later of the end of it.
import { randomBytes } from 'node:crypto';
import { closeSync } from 'node:fs';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { define, process } from '../kernel/primordials.mjs';
import { SCRIPT_FOLDER } from './module-scope.mjs';
import { Remains } from './remains.mjs';

const OPTION = '--preload=';
const F_DUPFD_CLOEXEC = 1030;
const [STDOUT, STDERR] = [1, 2];

const loaded = new Set();

/** A package cannot be loaded ahead of scripts. */
export class CannotPreload extends Error {
  constructor(name, why) {
    super(`the module ${name} cannot be preloaded: ${why}`);
    this.stack = this.message; // it explains itself to the operator
  }
}

/** Loads what the arguments of a zygote or a mother name. Throws CannotPreload at the first package that cannot be loaded. */
export async function loadLibraries(libc, args) {
  const names = args.filter((argument) => argument.startsWith(OPTION)).map((argument) => argument.slice(OPTION.length));
  if (names.length === 0) return;
  const stdout = libc.must('fcntl', libc.fcntl(STDOUT, F_DUPFD_CLOEXEC, STDERR + 1));
  libc.must('dup2', libc.dup2(STDERR, STDOUT));
  const restorePools = withoutPools();
  const remains = new Remains();
  try {
    for (const name of names) await load(libc, name, remains);
  } finally {
    restorePools();
    libc.must('dup2', libc.dup2(stdout, STDOUT));
    closeSync(stdout);
  }
}

/** The namespace of a package that is loaded already, or null. */
export async function loadedLibrary(specifier) {
  return loaded.has(specifier) ? await import(specifier) : null;
}

async function load(libc, name, remains) {
  try {
    await import(name);
    requireToo(name);
  } catch (error) {
    throw new CannotPreload(name, `${error}`);
  }
  const left = remains.left(libc);
  if (left !== null) throw new CannotPreload(name, `its import leaves ${left}`);
  loaded.add(name);
}

/** A package may have another file for `require`. Not every package has one. */
function requireToo(name) {
  const require = createRequire(`${SCRIPT_FOLDER}/script.js`);
  try {
    require.resolve(name);
  } catch {
    return;
  }
  require(name);
}

/** Has node's functions draw their random bytes anew at each call. Returns a function that undoes it. */
function withoutPools() {
  const crypto = process.getBuiltinModule('node:crypto');
  const web = Object.getPrototypeOf(globalThis.crypto);
  const kept = [[crypto, 'randomUUID'], [web, 'randomUUID'], [crypto, 'randomInt']].map(([target, name]) => [target, name, target[name]]);
  const [uuid, integer] = [kept[0][2], kept[2][2]];
  const pooless = () => uuid({ disableEntropyCache: true });
  define(crypto, 'randomUUID', pooless, true);
  define(web, 'randomUUID', pooless, true);
  define(crypto, 'randomInt', (...drawn) => randomInt(integer, ...drawn), true);
  syncBuiltinESMExports();
  return () => {
    for (const [target, name, value] of kept) define(target, name, value, true);
    syncBuiltinESMExports();
  };
}

/** As `integer`, node's own, which refuses wrong arguments before it draws; of 48 random bits: what they leave over is drawn again. */
function randomInt(integer, min, max, callback) {
  if (max === undefined || typeof max === 'function') return randomInt(integer, 0, min, max);
  const range = max - min;
  const most = 2 ** 48;
  const isRight = Number.isSafeInteger(min) && Number.isSafeInteger(max) && range > 0 && range < most
    && (callback === undefined || typeof callback === 'function');
  if (!isRight) return integer(min, max, callback);
  let drawn;
  do drawn = randomBytes(6).readUIntBE(0, 6); while (drawn >= most - (most % range));
  const number = min + (drawn % range);
  if (callback === undefined) return number;
  return process.nextTick(callback, undefined, number);
}
