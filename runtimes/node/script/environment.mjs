// Gives a script the environment variables of its version.
//
// Theory of operation: they are set in the zygote, or in the child that was forked before the program came, and inherited from there
// by all processes that run the script. A sandbox serves one version, or others with the same code and the same settings.
import { process } from '../kernel/primordials.mjs';

/** Sets the variables of the PROGRAM frame's content, beside those that every sandbox has. */
export function setEnvironment({ env = {} }) {
  for (const [name, value] of Object.entries(env)) process.env[name] = value;
}
