// The trace that a run belongs to (W3C Trace Context), where the server tells one: the environment variable TRACEPARENT, and
// `traceparent` of a handler's context.
import { process } from '../kernel/primordials.mjs';

const { env } = process;

/** `parent` is the run's `traceparent`, or undefined. */
export const trace = { __proto__: null, parent: undefined };

/** The next run belongs to this trace; undefined: to none. */
export function enterTrace(parent) {
  if (parent === trace.parent) return;
  trace.parent = parent;
  if (parent === undefined) delete env.TRACEPARENT;
  else env.TRACEPARENT = parent;
}
