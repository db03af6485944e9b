// Prepares a script's program before the fork, and runs or checks it in a child. A shared child runs it again and again.
import { Module, createRequire } from 'node:module';
import {
  PromiseConstructor, apply, define, defineProperty, isNativeError, jsonParse, jsonStringify,
} from '../kernel/primordials.mjs';
import { CompileError, compileScript, evaluate } from './compile.mjs';
import { describeThrown, mapStacks } from './errors.mjs';
import { Positions } from './positions.mjs';
import { importAhead } from './preload.mjs';

/** The script's folder, as `__dirname` and stacks show it. */
export const SCRIPT_FOLDER = '/tmp';

export class Runner {
  #script;
  #result;
  #program = null;
  #compileError = null;
  #namespaces = [];
  #load = null;
  #current = null;

  /** `script` is the PROGRAM frame's content, `result` a ResultPipe. */
  constructor(script, result) {
    this.#script = script;
    this.#result = result;
  }

  /** Compiles the script and defines the globals of its module. Runs no statement of it, and loads only modules of node. */
  async prepare() {
    const { filename, source, sourceMap } = this.#script;
    const positions = new Positions(sourceMap ?? null);
    try {
      this.#program = compileScript(source, filename, positions);
    } catch (error) {
      if (!(error instanceof CompileError)) throw error;
      this.#compileError = error;
      return;
    }
    if (positions.differ) mapStacks(filename, positions);
    defineModuleScope(`${SCRIPT_FOLDER}/${filename}`);
    const { imports } = this.#program;
    if (imports.length === 0) return;
    this.#load = evaluate('(specifier, options) => import(specifier, options)', filename);
    for (const declaration of imports) this.#namespaces.push(await namespaceAhead(declaration));
  }

  /** Begins a run or a check, and so ends the one before. Returns a token that `run` or `check` takes. */
  begin() {
    this.#current = { returned: false };
    return this.#current;
  }

  /** Sends whether the script compiles. */
  check(token) {
    if (this.#current !== token) return;
    if (this.#compileError !== null) this.#sendCompileError();
    else this.#result.sendNothing();
  }

  /** Runs the program with `input`, a JSON text, and sends the result. */
  async run(token, input) {
    if (this.#current !== token) return undefined; // something that an earlier run left behind has failed this run
    if (this.#compileError !== null) return this.#sendCompileError();
    let value;
    try {
      const event = jsonParse(input);
      define(globalThis, 'event', event, true);
      define(globalThis, 'input', event, true);
      const { imports, body } = this.#program;
      const isModule = imports.length > 0;
      if (isModule) await this.#loadImports(imports);
      const promise = apply(body, isModule ? undefined : globalThis.exports, this.#namespaces);
      // `await` reads the promise's `constructor`, which the script may have replaced.
      defineProperty(promise, 'constructor', { __proto__: null, value: PromiseConstructor });
      value = await promise;
    } catch (thrown) {
      return this.#current === token ? this.fail(thrown) : undefined;
    }
    return this.#current === token ? this.#finish(value) : undefined;
  }

  /** Ends the run: the script threw, or did not catch an exception or a rejection. */
  fail(thrown) {
    this.#result.sendError(describeThrown(thrown));
  }

  /** Ends the run: the event loop is empty. */
  runDry() {
    if (this.#current.returned) this.#result.sendNothing();
    else this.fail(new Error('The script waits for a promise that nothing can settle any more: its event loop is empty'));
  }

  /** Loads the imports in order. A missing name throws the same error as in a module. */
  async #loadImports(imports) {
    for (let at = 0; at < imports.length; at++) {
      if (this.#namespaces[at] === null) this.#namespaces[at] = await this.#loadImport(imports[at]);
    }
  }

  async #loadImport({ specifier, attributes, names, position }) {
    try {
      const namespace = await this.#load(specifier, attributes === null ? undefined : { with: attributes });
      const missing = missingName(namespace, names);
      if (missing === undefined) return namespace;
      throw new SyntaxError(`The requested module '${specifier}' does not provide an export named '${missing.exported}'`);
    } catch (thrown) {
      if (isNativeError(thrown)) thrown.stack += `\n    at ${this.#script.filename}:${position.line}:${position.column}`;
      throw thrown;
    }
  }

  #finish(value) {
    let json;
    try {
      json = jsonStringify(value);
    } catch (thrown) {
      return this.fail(thrown);
    }
    this.#current.returned = true;
    if (json !== undefined) this.#result.sendValue(json);
    return undefined; // without a value, the run ends when the event loop is empty
  }

  #sendCompileError() {
    const { message, line, column } = this.#compileError;
    this.#result.sendCompileError({ __proto__: null, message, line, column });
  }
}

/** Removes the globals that `prepare` and `run` define. */
export function forgetModuleScope() {
  for (const name of ['require', 'module', 'exports', '__filename', '__dirname', 'event', 'input']) delete globalThis[name];
}

/** Defines the names of a CommonJS module, as globals, because a script may declare the same names itself. */
function defineModuleScope(filePath) {
  const module = new Module(filePath);
  module.filename = filePath;
  module.paths = Module._nodeModulePaths(SCRIPT_FOLDER);
  const require = createRequire(filePath);
  require.main = module;
  const scope = { require, module, exports: module.exports, __filename: filePath, __dirname: SCRIPT_FOLDER };
  for (const [name, value] of Object.entries(scope)) define(globalThis, name, value);
}

/** The namespace of an import that can be loaded before the script runs and cannot fail; null for any other import. */
async function namespaceAhead({ specifier, attributes, names }) {
  const namespace = attributes === null ? await importAhead(specifier) : null;
  return namespace !== null && missingName(namespace, names) === undefined ? namespace : null;
}

const missingName = (namespace, names) => names.find(({ exported }) => !(exported in namespace));
