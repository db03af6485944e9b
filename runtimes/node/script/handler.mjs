// Finds the handler of a script and calls it (docs/scripts.md, "Handlers").
//
// Theory of operation: a handler answers in one of three ways: by what it returns, by what the promise that it returns gives, or
// by a call of `callback` (or of `context.succeed`, `fail` or `done`). The first answer counts. If the handler returns nothing,
// or takes a callback and returns no promise, its answer is still to come, or the run ends without one with the event loop.
import { apply, getProperty, hrtime, newDeferred, randomUUID } from '../kernel/primordials.mjs';
import { told } from './limits.mjs';
import { trace } from './trace.mjs';

const WITH_CALLBACK = 3; // parameters
const MEBIBYTE = 1 << 20;
const MILLISECOND = 1_000_000n;

/**
 * The handler, `{name, call}`, or null. `named` is the name that the upload gives, or null. `exported` reads an export of a
 * module by name, `module` is the CommonJS module. Throws when the script has no function of that name.
 */
export function findHandler(named, exported, module) {
  const exports = module?.exports;
  if (named === null || named === 'default') {
    const call = firstFunction(exported('default'), exports, memberOf(exports, 'default'));
    if (call !== null) return { name: 'default', call };
  }
  const name = named ?? 'handler';
  const call = firstFunction(exported(name), memberOf(exports, name), undefined);
  if (call !== null) return { name, call };
  if (named !== null) throw new ReferenceError(`The script has no handler '${named}'`);
  return null;
}

/** The first of three values that is a function, or null. */
function firstFunction(first, second, third) {
  if (typeof first === 'function') return first;
  if (typeof second === 'function') return second;
  return typeof third === 'function' ? third : null;
}

const memberOf = (value, name) =>
  ((typeof value === 'object' && value !== null) || typeof value === 'function') ? getProperty(value, name) : undefined;

/**
 * Calls a handler. Returns a promise of its answer. `waits()` is called when the handler has returned nothing: from then on, it
 * may end without an answer. `begun` is when the run began, in nanoseconds.
 */
export function callHandler(call, event, begun, waits) {
  const { promise, resolve, reject } = newDeferred();
  const callback = (error, value) => ((error ?? null) === null ? resolve(value) : reject(error));
  const answer = apply(call, undefined, [event, contextOf(callback, begun), callback]);
  if (answer === undefined || (call.length >= WITH_CALLBACK && !isThenable(answer))) waits();
  else resolve(answer);
  return promise;
}

const isThenable = (value) => typeof memberOf(value, 'then') === 'function';

/** What platforms tell a handler about its call, as far as it is true here. */
function contextOf(done, begun) {
  const { timeoutMilliseconds, memoryBytes } = told;
  return {
    awsRequestId: randomUUID(),
    functionName: 'script',
    functionVersion: '$LATEST',
    memoryLimitInMB: `${Math.floor((memoryBytes ?? 0) / MEBIBYTE)}`,
    callbackWaitsForEmptyEventLoop: true,
    traceparent: trace.parent,
    getRemainingTimeInMillis: () => Math.max(0, (timeoutMilliseconds ?? 0) - Number((hrtime() - begun) / MILLISECOND)),
    succeed: (value) => done(null, value),
    fail: (error) => done(error ?? new Error('The handler has failed')),
    done,
  };
}
