// Notices what libraries do, while they are executed, that a zygote must not have done: start something, or draw a random number, which
// all runs would share. It changes built-ins, so it is for a process that ends afterwards.
//
// Theory of operation: async_hooks tells of each timer, process, worker, socket and file request that node makes, also of those that are
// gone when the libraries have been executed. It does not tell of processes that node waits for, so their functions are watched. A function
// of node:crypto counts as a random draw, unless it is known to be none: keys, salts and paddings are random as well.
import { process } from '../kernel/primordials.mjs';

const HARMLESS = new Set(['PROMISE', 'TickObject', 'Immediate', 'Microtask']); // what is over within two turns of the loop

/** Functions of node:crypto and of SubtleCrypto that compute from what they are given. */
const WITHOUT_CHANCE = new Set([
  'Hash', 'Hmac', 'createHash', 'createHmac', 'createPrivateKey', 'createPublicKey', 'createSecretKey', 'createVerify', 'digest',
  'getCipherInfo', 'getCiphers', 'getCurves', 'getFips', 'getHashes', 'hash', 'hkdfSync', 'importKey', 'pbkdf2Sync', 'scryptSync',
  'timingSafeEqual', 'verify',
]);

const OLD_NAMES = ['prng', 'pseudoRandomBytes', 'rng']; // which are accessors

export class AheadWatch {
  /** What was noticed first, as the end of a sentence; null: nothing. */
  seen = null;

  /** Watches from now on. */
  constructor() {
    const crypto = process.getBuiltinModule('node:crypto');
    this.#watchAll(crypto);
    for (const name of OLD_NAMES) this.#watch(crypto, name, crypto[name]);
    this.#watchAll(Object.getPrototypeOf(globalThis.crypto));
    this.#watchAll(Object.getPrototypeOf(globalThis.crypto.subtle));
    this.#watch(Math, 'random');
    this.#watch(URL, 'createObjectURL');
    const processes = process.getBuiltinModule('node:child_process');
    for (const name of ['execFileSync', 'execSync', 'spawnSync']) this.#watch(processes, name, processes[name], 'start a process');
    process.getBuiltinModule('node:module').syncBuiltinESMExports();
    const init = (id, type) => { if (!HARMLESS.has(type)) this.#note(`start something (${type})`); };
    process.getBuiltinModule('node:async_hooks').createHook({ init }).enable();
  }

  #watchAll(owner) {
    for (const name of Object.getOwnPropertyNames(owner)) {
      if (name !== 'constructor' && !WITHOUT_CHANCE.has(name)) this.#watch(owner, name);
    }
  }

  #watch(owner, name, value = Object.getOwnPropertyDescriptor(owner, name).value, what = 'draw random numbers') {
    if (typeof value !== 'function') return;
    const note = () => this.#note(`${what} (${name})`);
    const apply = (target, self, given) => (note(), Reflect.apply(target, self, given));
    const construct = (target, given, constructor) => (note(), Reflect.construct(target, given, constructor));
    Object.defineProperty(owner, name, { value: new Proxy(value, { apply, construct }) });
  }

  #note(what) {
    this.seen ??= what;
  }
}
