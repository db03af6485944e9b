// The built-ins that the runtime uses after a script has run, saved before any script can change them. A script may
// replace globals and prototypes. So code that runs after a script uses these names only, and no iterator, spread, array
// method or regular expression, because those look functions up in prototypes.
import { EventEmitter } from 'node:events';
import { getRawPointer as rawPointer } from 'node:ffi';

// Importing node:process or node:util would make node's standard streams, and those make the zygote's pipes non-blocking.
export const process = globalThis.process;
const { inspect: utilInspect, types } = process.getBuiltinModule('node:util');

export const apply = Reflect.apply;
export const defineProperty = Reflect.defineProperty;
export const getProperty = Reflect.get;
export const PromiseConstructor = Promise;
export const jsonParse = JSON.parse;
export const jsonStringify = JSON.stringify;
export const toBigInt = BigInt;
export const toNumber = Number;
export const toText = String;
export const isNativeError = types.isNativeError;
export const inspect = utilInspect;
export const getRawPointer = rawPointer;
export const hrtime = process.hrtime.bigint;

/** Turns a method into a function whose first argument is `this`. */
export const uncurry = Function.prototype.bind.bind(Function.prototype.call);

export const emit = EventEmitter.prototype.emit; // takes its `this` by apply
export const listenerCount = uncurry(EventEmitter.prototype.listenerCount);
export const indexOf = uncurry(String.prototype.indexOf);
export const slice = uncurry(String.prototype.slice);
export const startsWith = uncurry(String.prototype.startsWith);
export const toWellFormed = uncurry(String.prototype.toWellFormed);

export const Bytes = Uint8Array;
export const setBytes = uncurry(Uint8Array.prototype.set);
export const startImmediate = setImmediate;

const encoder = new TextEncoder();
const encode = uncurry(TextEncoder.prototype.encode);
const encodeTextInto = uncurry(TextEncoder.prototype.encodeInto);
const byteLength = uncurry(Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), 'byteLength').get);

/** UTF-8 of a string. */
export const utf8 = (text) => encode(encoder, text);

/** Encodes as much of a string as fits into `bytes`, as UTF-8. Returns `{read, written}`: UTF-16 units read, bytes written. */
export const encodeInto = (text, bytes) => encodeTextInto(encoder, text, bytes);

/** Length of a typed array, even if a script has changed its prototype. */
export const lengthOf = (bytes) => byteLength(bytes);

/** The longest beginning of `text` that takes at most `limit` bytes of UTF-8. */
export function headOf(text, limit) {
  if (text.length * 3 <= limit) return text;
  const { read } = encodeInto(text, new Bytes(limit));
  return slice(text, 0, read);
}

/** Defines a property as built-ins have it: writable, configurable, and not enumerable unless `enumerable` is true. */
export function define(target, name, value, enumerable = false) {
  defineProperty(target, name, { __proto__: null, value, enumerable, writable: true, configurable: true });
}
