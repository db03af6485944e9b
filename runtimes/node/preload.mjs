// Modules that scripts use often: loaded once in the zygote, they are there in every child.
import { process } from './primordials.mjs';

const modules = ['assert', 'buffer', 'child_process', 'crypto', 'fs/promises', 'http', 'https', 'os', 'path', 'stream/promises',
  'timers/promises', 'url', 'util', 'worker_threads', 'zlib'];

/** Some of them look at process.stderr, which must be the runtime's own by then. */
export function preload() {
  for (const name of modules) process.getBuiltinModule(`node:${name}`);
}
