// Describes whatever a script threw: an error, a string, null, an object whose getters throw, a proxy.
import { getProperty, headOf, inspect, isNativeError, toText, toWellFormed } from '../kernel/primordials.mjs';
import { ownFrames } from './stacks.mjs';

const LIMIT = 64 * 1024; // bytes of UTF-8 of message and of stack
const inspection = { __proto__: null, depth: 2, customInspect: false, getters: false, maxStringLength: LIMIT };

/** `{name, message, stack}`; never throws. */
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
