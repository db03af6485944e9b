// What zygote.mjs and mother.mjs have in common when they start.
import { process } from '../kernel/primordials.mjs';

const NOT_PROCESS_ONE = 72; // exit code: see zygote.mjs
const RESTORE_LIMIT = 50; // milliseconds

/** Exits unless this is process 1. `program` is the name of the file that was started. */
export function requireProcessOne(libc, program) {
  if (libc.getpid() === 1) return;
  process.stderr.write(`${program} must be process 1 of a sandbox: it kills every process that it can see\n`);
  libc._exit(NOT_PROCESS_ONE);
}

/** The program's arguments. */
export const programArguments = () => process.argv.slice(2);

/** How long restoring the folders may take between two runs, in milliseconds: the first argument that is no option. */
export const restoreLimit = () => Number(programArguments().find((argument) => !argument.startsWith('--')) ?? RESTORE_LIMIT);
