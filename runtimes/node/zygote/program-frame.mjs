// Parses the PROGRAM frame.
import { BrokenPeer } from './frames.mjs';

const LEAST_HEAP = 1 << 24; // bytes: node does not start with less

// What the runs of one program share: nothing, so the sandbox serves one run only; the sandbox; the process.
const ISOLATIONS = ['sandbox', 'process', 'shared'];

const isObjectOfTexts = (value) => value === undefined || (typeof value === 'object' && value !== null && !Array.isArray(value)
  && Object.values(value).every((text) => typeof text === 'string'));

/** The script in a PROGRAM frame's payload: `{filename, source, sourceMap, isolation, concurrency, env, …}`. Throws BrokenPeer. */
export function parseProgramFrame(payload) {
  let script;
  try {
    script = JSON.parse(payload.toString());
  } catch {
    throw new BrokenPeer('PROGRAM is not JSON');
  }
  if (typeof script?.filename !== 'string' || typeof script.source !== 'string') {
    throw new BrokenPeer('PROGRAM lacks filename or source');
  }
  if (!ISOLATIONS.includes(script.isolation ?? 'process')) {
    throw new BrokenPeer(`PROGRAM: isolation must be one of ${ISOLATIONS.join(', ')}`);
  }
  script.concurrency ??= 1;
  if (!Number.isInteger(script.concurrency) || script.concurrency < 1 || (script.concurrency > 1 && script.isolation !== 'shared')) {
    throw new BrokenPeer('PROGRAM: concurrency must be 1, or at isolation shared more');
  }
  if (script.entry !== undefined && typeof script.entry !== 'string') throw new BrokenPeer('PROGRAM: entry must be a string');
  if (!isObjectOfTexts(script.env)) throw new BrokenPeer('PROGRAM: env must be an object of strings');
  if (script.proxy !== undefined && !(typeof script.proxy === 'string' && URL.canParse(script.proxy))) {
    throw new BrokenPeer('PROGRAM: proxy must be a URL');
  }
  if (script.authority !== undefined && typeof script.authority !== 'string') throw new BrokenPeer('PROGRAM: authority must be a path');
  if (script.out !== undefined && !(script.out?.files >= 1 && script.out.bytes >= 0)) {
    throw new BrokenPeer('PROGRAM: out must have files, from 1 on, and bytes');
  }
  if (script.libraries !== undefined) throw new BrokenPeer('PROGRAM: libraries are for Python alone');
  if (script.librariesAhead !== undefined && typeof script.librariesAhead !== 'boolean') {
    throw new BrokenPeer('PROGRAM: librariesAhead must be true or false');
  }
  if (script.heapBytes !== undefined && !(script.heapBytes >= LEAST_HEAP)) {
    throw new BrokenPeer(`PROGRAM: heapBytes must be a number from ${LEAST_HEAP} on`);
  }
  return script;
}
