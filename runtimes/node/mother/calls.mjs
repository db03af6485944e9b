// Carries out a list of system calls that the server has made up.
//
// Theory of operation: the walls of a sandbox are data, which the server knows. The runtime knows only how to call. A list is
// prepared once, in the mother, so a child only calls. The result of a call may be an argument of a later one.
import { SystemCallError } from '../kernel/libc.mjs';
import { BrokenPeer } from '../zygote/frames.mjs';
import { LateArgument, parseArgument } from './arguments.mjs';
import { padded } from './call-names.mjs';

/** The server has listed a call that call-names.mjs does not have. */
export class UnknownCall extends Error {}

export class CallList {
  #calls;

  /** `functions` are those of call-names.mjs. Throws UnknownCall, and BrokenPeer for a list of another form. */
  constructor(functions, listed) {
    this.#calls = listed.map((call, at) => prepare(functions, call, at));
  }

  /** Throws NotGiven when a value that the list needs is not given. */
  check(given) {
    for (const { late } of this.#calls) {
      for (const { argument } of late) argument.check(given);
    }
  }

  /**
   * Carries out the calls in turn. Returns false when a `read` has met the end of the file: the server is gone. Throws
   * SystemCallError for the first call that fails.
   */
  carryOut(errno, given) {
    const results = [];
    for (const { name, call, values, late, why } of this.#calls) {
      for (const { at, argument } of late) values[at] = argument.resolve(results, given);
      const result = call(...values);
      if (result < 0) throw new SystemCallError(`${why}: ${name}`, errno());
      if (result === 0 && name === 'read') return false;
      results.push(BigInt(result));
    }
    return true;
  }
}

function prepare(functions, listed, at) {
  const { call: name, arguments: values = [], why } = listed ?? {};
  if (typeof name !== 'string' || typeof why !== 'string' || !Array.isArray(values)) {
    throw new BrokenPeer(`call ${at}: not a call: ${JSON.stringify(listed)}`);
  }
  if (!Object.hasOwn(functions, name)) throw new UnknownCall(`${why}: the runtime does not know the call ${name}`);
  const parsed = padded(name, values.map((value) => parseArgument(value, at)));
  if (parsed === null) throw new BrokenPeer(`call ${at}: too many arguments`);
  const late = parsed.flatMap((argument, position) => (argument instanceof LateArgument ? [{ at: position, argument }] : []));
  return { name, call: functions[name], values: parsed, late, why };
}
