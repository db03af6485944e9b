// The values that are given with one fork, and those that the runtime supplies for all.
import { O_CLOEXEC, O_RDONLY, pathOf } from '../kernel/libc.mjs';
import { getRawPointer } from '../kernel/primordials.mjs';
import { addressOf, zeroTerminated } from './arguments.mjs';

/** A value with that name is not given, or is of the wrong kind. */
export class NotGiven extends Error {}

export class GivenValues {
  #values;

  constructor(values) {
    this.#values = values;
  }

  value(name) {
    return this.#find(name).value;
  }

  /** The length of a text in bytes. */
  length(name) {
    const { length } = this.#find(name);
    if (length < 0n) throw new NotGiven(`${name} has no length: it is not a text`);
    return length;
  }

  #find(name) {
    const found = this.#values.get(name);
    if (found === undefined) throw new NotGiven(`no value is given for ${name}`);
    return found;
  }

  /** These values and those of an order: a number is passed as it is, a text or bytes as their address. Throws NotGiven. */
  with(given) {
    const values = new Map(this.#values);
    for (const [name, value] of Object.entries(given)) values.set(name, entryOf(name, value));
    return new GivenValues(values);
  }
}

function entryOf(name, value) {
  if (Number.isSafeInteger(value)) return { value: BigInt(value), length: -1n, bytes: null };
  if (typeof value?.bytes === 'string') {
    const content = Buffer.from(value.bytes, 'base64');
    return { value: getRawPointer(content), length: BigInt(content.length), bytes: content };
  }
  if (typeof value !== 'string') throw new NotGiven(`${name} is neither a whole number nor a text nor bytes`);
  const bytes = zeroTerminated(value); // is in the entry, because the value is its address
  return { value: getRawPointer(bytes), length: BigInt(bytes.length - 1), bytes };
}

const INSTRUCTION_SIZE = 8; // of a BPF program

/** What the runtime supplies: `filter`, the address of a struct sock_fprog; `ownPidNamespace`, a descriptor of the mother's. */
export function suppliedValues(libc, filter) {
  const program = Buffer.alloc(16);
  program.writeUInt16LE(filter.length / INSTRUCTION_SIZE, 0);
  program.writeBigUInt64LE(addressOf(filter), 8);
  const ownPidNamespace = libc.must('open', libc.open(pathOf('/proc/self/ns/pid'), O_RDONLY | O_CLOEXEC));
  return new GivenValues(new Map([
    ['filter', { value: addressOf(program), length: -1n, bytes: null }],
    ['ownPidNamespace', { value: BigInt(ownPidNamespace), length: -1n, bytes: null }],
  ]));
}
