// An argument of a call: a value that is known from the beginning, or one that is known when the call is made.
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

export class Argument {
  /** `was`: the index of an earlier call, or -1. `given`: the name of a value of the order, or null. */
  constructor(value, was = -1, given = null, isLength = false) {
    this.value = value;
    this.was = was;
    this.given = given;
    this.isLength = isLength;
  }

  /** `results` are what the calls before have returned; `given` is a GivenValues. */
  valueOf(results, given) {
    if (this.was >= 0) return results[this.was];
    if (this.given === null) return this.value;
    return this.isLength ? given.lengthOf(this.given) : given.valueOf(this.given);
  }
}

/** An argument as the server lists it, of the call with the index `at`. Throws BrokenPeer. */
export function parseArgument(listed, at) {
  if (Number.isSafeInteger(listed)) return new Argument(BigInt(listed));
  if (typeof listed === 'string') return new Argument(addressOf(zeroTerminated(listed)));
  const { bytes, was, given, length } = listed ?? {};
  if (typeof bytes === 'string') return new Argument(addressOf(Buffer.from(bytes, 'base64')));
  if (Number.isInteger(was) && was >= 0 && was < at) return new Argument(0n, was);
  if (typeof given === 'string') return new Argument(0n, -1, given, length === true);
  throw new BrokenPeer(`call ${at}: not an argument: ${JSON.stringify(listed)}`);
}
