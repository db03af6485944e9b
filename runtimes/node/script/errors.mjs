// Describes a thrown value as the script's author knows it: with positions in the uploaded code, and without frames of the
// runtime. A script can throw anything: an error, a string, null, an object with throwing getters, a proxy.
import {
  apply, define, getProperty, headOf, indexOf, inspect, isNativeError, slice, toText, toWellFormed,
} from '../kernel/primordials.mjs';

const LIMIT = 64 * 1024; // bytes of UTF-8, of message and of stack each
const inspection = { __proto__: null, depth: 2, customInspect: false, getters: false, maxStringLength: LIMIT };
const FRAME = '\n    at ';
const runtimeFolder = new URL('..', import.meta.url).href;
const nodeInternals = 'node:';

/** Describes a thrown value as `{name, message, stack}`. Never throws. */
export function describeThrown(thrown) {
  const isObject = (typeof thrown === 'object' && thrown !== null) || typeof thrown === 'function';
  const name = isObject ? textOf(thrown, 'name') : null;
  const message = isObject ? textOf(thrown, 'message') : null;
  const stack = isObject ? textOf(thrown, 'stack') : null;
  const described = {
    name: name || 'Error',
    message: message ?? (isObject && isNativeError(thrown) ? '' : textFor(thrown)),
    stack: stack ?? '',
  };
  const head = described.message === '' ? described.name : `${described.name}: ${described.message}`;
  return {
    __proto__: null,
    name: cut(described.name),
    message: cut(described.message),
    stack: cut(ownFrames(described.stack, head)),
  };
}

function textOf(object, key) {
  try {
    const value = getProperty(object, key);
    return typeof value === 'string' ? value : null;
  } catch {
    return null;
  }
}

function textFor(value) {
  try {
    return typeof value === 'string' ? value : inspect(value, inspection);
  } catch {
    return typeof value === 'object' ? 'an object that cannot be shown' : toText(value);
  }
}

const cut = (text) => toWellFormed(headOf(text, LIMIT));

/**
 * Removes the frames of node and of the runtime from `stack`. `head` is the text before the frames (`name: message`), which
 * may itself look like frames.
 */
function ownFrames(stack, head) {
  const headEnd = indexOf(stack, head) === 0 ? head.length : 0;
  let kept = slice(stack, 0, headEnd);
  let at = headEnd;
  while (at < stack.length) {
    const next = indexOf(stack, '\n', at + 1);
    const line = slice(stack, at, next < 0 ? stack.length : next);
    if (!isForeign(line)) kept += line;
    at += line.length;
  }
  return kept;
}

function isForeign(line) {
  if (indexOf(line, FRAME) !== 0) return false;
  const bracket = indexOf(line, '(');
  const place = slice(line, bracket < 0 ? FRAME.length : bracket + 1);
  const bare = indexOf(place, 'async ') === 0 ? slice(place, 6) : place;
  return indexOf(bare, nodeInternals) === 0 || indexOf(bare, runtimeFolder) === 0;
}

/** Makes `error.stack` show positions in the uploaded code for frames of `filename`. */
export function mapStacks(filename, positions) {
  define(Error, 'prepareStackTrace', function prepareStackTrace(error, frames) {
    let stack = headOfError(error);
    for (let at = 0; at < frames.length; at++) stack += FRAME + describe(frames[at], filename, positions);
    return stack;
  });
}

const errorToString = Error.prototype.toString;

function headOfError(error) {
  try {
    return apply(errorToString, error, []);
  } catch {
    return 'Error';
  }
}

function describe(frame, filename, positions) {
  const text = `${frame}`;
  if (frame.getFileName() !== filename) return text;
  const line = frame.getLineNumber(), column = frame.getColumnNumber();
  const place = `${filename}:${line}:${column}`;
  const at = indexOf(text, place);
  if (at < 0) return text;
  const original = positions.original(line, column);
  return `${slice(text, 0, at)}${filename}:${original.line}:${original.column}${slice(text, at + place.length)}`;
}
