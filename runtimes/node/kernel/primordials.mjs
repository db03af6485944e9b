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
export const ownDescriptor = Reflect.getOwnPropertyDescriptor;
export const ownKeysOf = Object.keys;
export const isArray = Array.isArray;
export const PromiseConstructor = Promise;
const { withResolvers } = Promise;
export const newDeferred = () => apply(withResolvers, PromiseConstructor, []);
export const jsonParse = JSON.parse;
export const jsonStringify = JSON.stringify;
export const toBigInt = BigInt;
export const toNumber = Number;
export const toText = String;
export const isNativeError = types.isNativeError;
export const isUint8Array = types.isUint8Array;
export const isAnyArrayBuffer = types.isAnyArrayBuffer;
export const inspect = utilInspect;
export const getRawPointer = rawPointer;
export const hrtime = process.hrtime.bigint;
export const nextTick = process.nextTick;

/** Turns a method into a function whose first argument is `this`. */
export const uncurry = Function.prototype.bind.bind(Function.prototype.call);

export const emit = EventEmitter.prototype.emit; // takes its `this` by apply
export const listenerCount = uncurry(EventEmitter.prototype.listenerCount);
export const indexOf = uncurry(String.prototype.indexOf);
export const slice = uncurry(String.prototype.slice);
export const matches = uncurry(RegExp.prototype.test);
export const startsWith = uncurry(String.prototype.startsWith);
export const toWellFormed = uncurry(String.prototype.toWellFormed);

export const Bytes = Uint8Array;
export const setBytes = uncurry(Uint8Array.prototype.set);
export const subarray = uncurry(Uint8Array.prototype.subarray);
export const copyWithin = uncurry(Uint8Array.prototype.copyWithin);
export const emptyBytes = new Uint8Array(0);
export const startImmediate = setImmediate;

const encoder = new TextEncoder();
const encode = uncurry(TextEncoder.prototype.encode);
const encodeTextInto = uncurry(TextEncoder.prototype.encodeInto);
const byteLength = uncurry(Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), 'byteLength').get);

const base64Slice = uncurry(Buffer.prototype.base64Slice);
const utf8Slice = uncurry(Buffer.prototype.utf8Slice);

/** A Uint8Array in base64. */
export const base64Of = (bytes) => base64Slice(bytes, 0, byteLength(bytes));

/** The text of a Uint8Array in UTF-8. */
export const utf8Text = (bytes) => utf8Slice(bytes, 0, byteLength(bytes));

/** A random UUID. */
export const randomUUID = () => process.getBuiltinModule('node:crypto').randomUUID();

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
