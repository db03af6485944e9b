// What a zygote, or a mother, tells the server about itself when it is ready.
import { process } from '../kernel/primordials.mjs';

/** The content of READY. */
export const runtimeVersion = { protocol: 1, runtime: 'node', version: process.versions.node };
