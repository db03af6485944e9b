// The lines that the server sends: the setup first, then one order a line. Throws BrokenPeer for a line of another form.
import { BrokenPeer } from '../zygote/frames.mjs';

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** `{socket, before, child, filter}`: a path, two lists of calls (calls.mjs), a Buffer. */
export function setupOf(line) {
  const { socket, before, child, filter } = line;
  if (typeof socket !== 'string' || !Array.isArray(before) || !Array.isArray(child) || typeof filter !== 'string') {
    throw new BrokenPeer('the first line must have socket, before, child and filter');
  }
  return { socket, before, child, filter: Buffer.from(filter, 'base64') };
}

/** `{fork, given}` or `{reap}`: a token and what is given with it, or a pid. */
export function orderOf(line) {
  const { fork, given = {}, reap } = line;
  if (typeof fork === 'string' && /^[^\n]+$/.test(fork) && isObject(given)) return { fork, given };
  if (fork === undefined && Number.isInteger(reap) && reap > 0) return { reap };
  throw new BrokenPeer(`not an order: ${JSON.stringify(line)}`);
}
