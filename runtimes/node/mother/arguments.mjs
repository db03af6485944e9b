// The arguments of calls. Most are known from the beginning, and are prepared once.
import { getRawPointer } from '../kernel/primordials.mjs';
import { BrokenPeer } from '../zygote/frames.mjs';

const kept = []; // the bytes that addresses point to: they must stay alive, and where they are

/** The address of a copy of `bytes` that stays for ever. */
export function addressOf(bytes) {
  kept.push(bytes);
  return getRawPointer(bytes);
}

/** UTF-8 and a 0, as the C library takes a text. */
export const zeroTerminated = (text) => Buffer.from(`${text}\0`);

/** An argument whose value is known when the call is made. */
export class LateArgument {
  #was;
  #given;
  #isLength;

  /** `was`: the index of an earlier call, or -1. `given`: else the name of a value that is given with the fork. */
  constructor(was, given = null, isLength = false) {
    this.#was = was;
    this.#given = given;
    this.#isLength = isLength;
  }

  /** `results` are what the calls before have returned; `given` is a GivenValues. Throws NotGiven. */
  resolve(results, given) {
    if (this.#was >= 0) return results[this.#was];
    return this.#isLength ? given.length(this.#given) : given.value(this.#given);
  }

  /** Throws NotGiven when the value is to be given, and is not. */
  check(given) {
    if (this.#given !== null) this.resolve([], given);
  }
}

/** An argument of the call with the index `at`, as the server lists it: a BigInt or a LateArgument. Throws BrokenPeer. */
export function parseArgument(listed, at) {
  if (Number.isSafeInteger(listed)) return BigInt(listed);
  if (typeof listed === 'string') return addressOf(zeroTerminated(listed));
  const { bytes, was, given, length } = listed ?? {};
  if (typeof bytes === 'string') return addressOf(Buffer.from(bytes, 'base64'));
  if (Number.isInteger(was) && was >= 0 && was < at) return new LateArgument(was);
  if (typeof given === 'string') return new LateArgument(-1, given, length === true);
  throw new BrokenPeer(`call ${at}: not an argument: ${JSON.stringify(listed)}`);
}
