// The secrets of a run, where its version lists some: the global `secrets`, and environment variables if the version asks for them.
import { define, defineProperty, jsonParse, ownKeysOf, process } from '../kernel/primordials.mjs';

const { env } = process;
const { freeze } = Object;
const { toPrimitive } = Symbol;
const asText = { __proto__: null, value: () => '[secrets]', enumerable: false };

/** The next run has these secrets; `json` is the content of a SECRETS frame. What prints `secrets` as a whole shows no value. */
export function enterSecrets(json) {
  const { values, env: isInEnv } = jsonParse(json);
  const names = ownKeysOf(values);
  const secrets = { __proto__: null };
  defineProperty(secrets, toPrimitive, asText);
  for (let at = 0; at < names.length; at++) {
    const name = names[at];
    const { [name]: value } = values;
    defineProperty(secrets, name, { __proto__: null, value, enumerable: false });
    if (isInEnv) env[name] = value;
  }
  define(globalThis, 'secrets', freeze(secrets));
}
