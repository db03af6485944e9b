// What a PROGRAM frame says.
import { BrokenPeer } from './frames.mjs';

const ISOLATIONS = ['sandbox', 'process', 'shared']; // what a program's calls have in common: nothing, so that there is but one; the walls; the process

/** The program in the payload. Throws BrokenPeer. */
export function programOf(payload) {
  let program;
  try {
    program = JSON.parse(payload.toString());
  } catch {
    throw new BrokenPeer('PROGRAM is not JSON');
  }
  if (typeof program?.filename !== 'string' || typeof program.source !== 'string') throw new BrokenPeer('PROGRAM lacks filename or source');
  if (!ISOLATIONS.includes(program.isolation ?? 'process')) throw new BrokenPeer(`PROGRAM: isolation must be one of ${ISOLATIONS.join(', ')}`);
  return program;
}
