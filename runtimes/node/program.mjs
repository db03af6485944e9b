// One program in the process of one invocation: prepared before the order comes, then run or only checked.
import { Module, createRequire } from 'node:module';
import {
  PromiseConstructor, apply, define, defineProperty, isNativeError, jsonParse, jsonStringify,
} from './primordials.mjs';
import { Positions } from './positions.mjs';
import { ScriptSyntaxError, compileScript, evaluate } from './script.mjs';
import { mapStacks } from './stacks.mjs';
import { describeThrown } from './thrown.mjs';

/** Folder in which a script finds itself. */
export const SCRIPT_FOLDER = '/tmp';

export class Program {
  #program;
  #result;
  #script = null;
  #syntaxError = null;
  #returned = false;

  /** `program` is the PROGRAM frame's content, `result` a ResultPipe. */
  constructor(program, result) {
    this.#program = program;
    this.#result = result;
  }

  /** Compiles, and makes what the script will find. Runs no statement of it. */
  prepare() {
    const { filename, source, sourceMap, lineOffset } = this.#program;
    const positions = new Positions(sourceMap ?? null, lineOffset ?? 0);
    try {
      this.#script = compileScript(source, filename, positions);
    } catch (error) {
      if (!(error instanceof ScriptSyntaxError)) throw error;
      this.#syntaxError = error;
      return;
    }
    if (positions.differ) mapStacks(filename, positions);
    defineModuleScope(`${SCRIPT_FOLDER}/${filename}`);
  }

  /** Answers whether it compiles. */
  check() {
    if (this.#syntaxError !== null) this.#refuse();
    else this.#result.nothing();
  }

  /** Runs it with an input, which is JSON. */
  async run(input) {
    if (this.#syntaxError !== null) return this.#refuse();
    let value;
    try {
      const event = jsonParse(input);
      define(globalThis, 'event', event, true);
      define(globalThis, 'input', event, true);
      const { imports, filename } = this.#script;
      const namespaces = imports.length === 0 ? [] : await loadImports(imports, filename);
      const promise = apply(this.#script.body(), imports.length === 0 ? globalThis.exports : undefined, namespaces);
      // `await` looks the constructor up, which the script may have replaced.
      defineProperty(promise, 'constructor', { __proto__: null, value: PromiseConstructor });
      value = await promise;
    } catch (thrown) {
      return this.fail(thrown);
    }
    return this.#finish(value);
  }

  /** The script threw, or an exception of it was caught nowhere. */
  fail(thrown) {
    this.#result.error(describeThrown(thrown));
  }

  /** The event loop is empty. */
  runDry() {
    if (this.#returned) this.#result.nothing();
    else this.fail(new Error('The script waits for a promise that nothing can settle any more: its event loop is empty'));
  }

  #finish(value) {
    let json;
    try {
      json = jsonStringify(value);
    } catch (thrown) {
      return this.fail(thrown);
    }
    this.#returned = true;
    if (json !== undefined) this.#result.value(json);
    return undefined; // nothing: the event loop goes on until it is empty
  }

  #refuse() {
    const { message, line, column } = this.#syntaxError;
    this.#result.syntax({ __proto__: null, message, line, column });
  }
}

/** Removes what `prepare` and `run` define. */
export function forgetModuleScope() {
  for (const name of ['require', 'module', 'exports', '__filename', '__dirname', 'event', 'input']) delete globalThis[name];
}

/** What a CommonJS module finds, as globals: a script may declare the names itself. */
function defineModuleScope(filePath) {
  const module = new Module(filePath);
  module.filename = filePath;
  module.paths = Module._nodeModulePaths(SCRIPT_FOLDER);
  const require = createRequire(filePath);
  require.main = module;
  const scope = { require, module, exports: module.exports, __filename: filePath, __dirname: SCRIPT_FOLDER };
  for (const [name, value] of Object.entries(scope)) define(globalThis, name, value);
}

/** Loads the imports in order and checks the names, with a module's errors. */
async function loadImports(imports, filename) {
  const load = evaluate('(specifier, options) => import(specifier, options)', filename);
  const namespaces = [];
  for (const { specifier, attributes, names, position } of imports) {
    try {
      const namespace = await load(specifier, attributes === null ? undefined : { with: attributes });
      const missing = names.find(({ exported }) => !(exported in namespace));
      if (missing !== undefined) {
        throw new SyntaxError(`The requested module '${specifier}' does not provide an export named '${missing.exported}'`);
      }
      namespaces.push(namespace);
    } catch (thrown) {
      if (isNativeError(thrown)) thrown.stack += `\n    at ${filename}:${position.line}:${position.column}`;
      throw thrown;
    }
  }
  return namespaces;
}
