// Says which part of a returned value JSON.stringify refuses. It refuses a BigInt, a value that contains itself, and what a
// `toJSON` or a getter throws.
import { apply, getProperty, jsonStringify } from '../kernel/primordials.mjs';

const IDENTIFIER = /^[$_\p{ID_Start}][$\u200c\u200d\p{ID_Continue}]*$/u;
const LIMIT = 10_000; // values to look at

/** The error to tell the author: `thrown`, what JSON.stringify has thrown for `value`, or one that names the place. */
export function unserializable(value, thrown) {
  try {
    const found = new Search().find(value, '', '$');
    if (found === null) return thrown;
    const error = new TypeError(`The returned value cannot be sent as JSON: ${found}`);
    error.stack = `${error}`;
    return error;
  } catch {
    return thrown;
  }
}

class Search {
  #holders = [];
  #looked = 0;

  /** What is wrong with `value`, which its holder has under `key`, or within it; null: nothing. */
  find(value, key, path) {
    if (++this.#looked > LIMIT) return null;
    let own = value;
    if ((typeof own === 'object' && own !== null) || typeof own === 'bigint') {
      try {
        const toJSON = own.toJSON;
        if (typeof toJSON === 'function') own = apply(toJSON, own, [key]);
      } catch (thrown) {
        return `${path}: toJSON has thrown ${thrown}`;
      }
    }
    if (typeof own === 'bigint') return `${path} is a BigInt`;
    if (typeof own !== 'object' || own === null) return null;
    if (this.#holders.includes(own)) return `${path} contains itself`;
    this.#holders.push(own);
    const found = Array.isArray(own) ? this.#inArray(own, path) : this.#inObject(own, path);
    this.#holders.pop();
    return found;
  }

  #inArray(values, path) {
    for (let at = 0; at < values.length; at++) {
      const found = this.find(values[at], `${at}`, `${path}[${at}]`);
      if (found !== null) return found;
    }
    return null;
  }

  #inObject(object, path) {
    for (const key of Object.keys(object)) {
      const place = IDENTIFIER.test(key) ? `${path}.${key}` : `${path}[${jsonStringify(key)}]`;
      let value;
      try {
        value = getProperty(object, key);
      } catch (thrown) {
        return `${place}: its getter has thrown ${thrown}`;
      }
      const found = this.find(value, key, place);
      if (found !== null) return found;
    }
    return null;
  }
}
