// What the runtime needs after a script has run, taken before any script can change it. A script may replace
// globals and prototypes; modules that work behind it use these names only, and neither iterators, spread, array
// methods nor regular expressions, which look things up in prototypes.
import { EventEmitter } from 'node:events';
import { getRawPointer as rawPointer } from 'node:ffi';

// Neither is imported: importing node:process or node:util makes node's standard streams, which make the zygote's
// pipes non-blocking.
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

/** Puts the UTF-8 of as much of a string as there is room for into `bytes`: `{read, written}`, characters and bytes. */
export const encodeInto = (text, bytes) => encodeTextInto(encoder, text, bytes);

/** Length of a typed array, whatever its prototype says. */
export const lengthOf = (bytes) => byteLength(bytes);

/** The longest head of `text` that is at most `limit` bytes of UTF-8. */
export function headOf(text, limit) {
  if (text.length * 3 <= limit) return text;
  const { read } = encodeInto(text, new Bytes(limit));
  return slice(text, 0, read);
}

/** Defines a property that looks like a built-in one: writable, configurable, not enumerable unless told. */
export function define(target, name, value, enumerable = false) {
  defineProperty(target, name, { __proto__: null, value, enumerable, writable: true, configurable: true });
}
