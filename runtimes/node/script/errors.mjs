// Describes a thrown value as the script's author knows it: with positions in the uploaded code, and without frames of the
// runtime. A script can throw anything: an error, a string, null, an object with throwing getters, a proxy.
//
// The stack is followed by what belongs to the error, as node prints it: the causes, the errors of an AggregateError, and the
// error's own properties.
import {
  apply, define, getProperty, headOf, indexOf, inspect, isArray, isNativeError, ownDescriptor, ownKeysOf, slice, toText, toWellFormed,
} from '../kernel/primordials.mjs';

const LIMIT = 64 * 1024; // bytes of UTF-8, of message and of stack each
const inspection = { __proto__: null, depth: 2, customInspect: false, getters: false, maxStringLength: LIMIT };
const HIDDEN = ['cause', 'errors', 'error', 'suppressed']; // properties that are not enumerable, of Error, AggregateError, SuppressedError
const FRAME = '\n    at ';
const runtimeFolder = new URL('..', import.meta.url).href;
const nodeInternals = 'node:';

/** Describes a thrown value as `{name, message, stack}`. Never throws. */
export function describeThrown(thrown) {
  const isObject = (typeof thrown === 'object' && thrown !== null) || typeof thrown === 'function';
  const described = isObject ? partsOfError(thrown) : { name: 'Error', message: null, stack: '' };
  described.message ??= isObject && isNativeError(thrown) ? '' : textFor(thrown);
  return {
    __proto__: null,
    name: cut(described.name),
    message: cut(described.message),
    stack: cut(isObject && isNativeError(thrown) ? whole(thrown, described, '', [], 0) : framed(described)),
  };
}

/** An error's name, message and stack, as far as they are texts. */
const partsOfError = (object) =>
  ({ name: textOf(object, 'name') || 'Error', message: textOf(object, 'message'), stack: textOf(object, 'stack') ?? '' });

/** The stack without foreign frames. */
function framed({ name, message, stack }) {
  return ownFrames(stack, (message ?? '') === '' ? name : `${name}: ${message}`);
}

const MOST_ERRORS = 100; // in an AggregateError
const DEEPEST = 20; // causes within each other

/** An error's stack with what belongs to it. `indent` stands before each line but the first; `outer` are the errors around it. */
function whole(error, described, indent, outer, depth) {
  const stack = indented(framed(described), indent);
  try {
    if (depth === DEEPEST) return stack;
    const inner = `${indent}  `;
    outer[depth] = error;
    const parts = partsOf(error, inner, outer, depth);
    return parts === '' ? stack : `${stack} {${parts}\n${indent}}`;
  } catch {
    return stack; // a part of the error cannot be read
  }
}

function partsOf(error, indent, outer, depth) {
  let parts = '';
  const add = (name, value) => {
    parts += `${parts === '' ? '' : ','}\n${indent}${name}: ${shown(value, indent, outer, depth)}`;
  };
  const keys = ownKeysOf(error);
  for (let at = 0; at < keys.length; at++) {
    const key = keys[at];
    if (key !== 'stack' && key !== 'message' && key !== 'name') add(key, getProperty(error, key));
  }
  for (let at = 0; at < HIDDEN.length; at++) {
    const key = HIDDEN[at];
    const property = ownDescriptor(error, key);
    if (property !== undefined && !property.enumerable) add(`[${key}]`, property.value);
  }
  return parts;
}

function shown(value, indent, outer, depth) {
  for (let at = 0; at <= depth; at++) if (outer[at] === value) return '[Circular]';
  if (isNativeError(value)) return whole(value, partsOfError(value), indent, outer, depth + 1);
  if (!isArray(value)) return indented(inspect(value, inspection), indent);
  let list = '';
  const inner = `${indent}  `;
  for (let at = 0; at < value.length && at < MOST_ERRORS; at++) {
    list += `${at === 0 ? '' : ','}\n${inner}${shown(value[at], inner, outer, depth)}`;
  }
  const left = value.length - MOST_ERRORS;
  if (left > 0) list += `,\n${inner}... ${left} more`;
  return list === '' ? '[]' : `[${list}\n${indent}]`;
}

function indented(text, indent) {
  if (indent === '') return text;
  let lines = '';
  for (let at = 0; ;) {
    const end = indexOf(text, '\n', at);
    if (end < 0) return lines + slice(text, at);
    lines += slice(text, at, end + 1) + indent;
    at = end + 1;
  }
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

/** Makes `error.stack` show positions in the uploaded code, and the files of a tree, for frames of `filename`. */
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
  return `${slice(text, 0, at)}${original.file ?? filename}:${original.line}:${original.column}${slice(text, at + place.length)}`;
}
