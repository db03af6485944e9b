// One program: prepared in the zygote, then run or only checked in the process of an invocation.
import { Module, createRequire } from 'node:module';
import {
  PromiseConstructor, apply, define, defineProperty, isNativeError, jsonParse, jsonStringify,
} from '../kernel/primordials.mjs';
import { Positions } from './positions.mjs';
import { importAhead } from './preload.mjs';
import { ScriptSyntaxError, compileScript, evaluate } from './compile.mjs';
import { mapStacks } from './stacks.mjs';
import { describeThrown } from './thrown.mjs';

/** Folder in which a script finds itself. */
export const SCRIPT_FOLDER = '/tmp';

export class Program {
  #program;
  #result;
  #script = null;
  #syntaxError = null;
  #namespaces = [];
  #load = null;
  #call = null;

  /** `program` is the PROGRAM frame's content, `result` a ResultPipe. */
  constructor(program, result) {
    this.#program = program;
    this.#result = result;
  }

  /** Compiles, and makes what the script will find. Runs no statement of it, and loads nothing but modules of node. */
  async prepare() {
    const { filename, source, sourceMap } = this.#program;
    const positions = new Positions(sourceMap ?? null);
    try {
      this.#script = compileScript(source, filename, positions);
    } catch (error) {
      if (!(error instanceof ScriptSyntaxError)) throw error;
      this.#syntaxError = error;
      return;
    }
    if (positions.differ) mapStacks(filename, positions);
    defineModuleScope(`${SCRIPT_FOLDER}/${filename}`);
    const { imports } = this.#script;
    if (imports.length === 0) return;
    this.#load = evaluate('(specifier, options) => import(specifier, options)', filename);
    for (const declaration of imports) this.#namespaces.push(await namespaceAhead(declaration));
  }

  /** Begins a call, and so ends the one before. Answers its name for `check` or `run`. */
  begin() {
    this.#call = { returned: false };
    return this.#call;
  }

  /** Answers whether it compiles. */
  check(call) {
    if (this.#call !== call) return;
    if (this.#syntaxError !== null) this.#refuse();
    else this.#result.nothing();
  }

  /** Runs it with an input, which is JSON. */
  async run(call, input) {
    if (this.#call !== call) return undefined; // what an earlier call had left behind has failed this one
    if (this.#syntaxError !== null) return this.#refuse();
    let value;
    try {
      const event = jsonParse(input);
      define(globalThis, 'event', event, true);
      define(globalThis, 'input', event, true);
      const { imports, body } = this.#script;
      const isModule = imports.length > 0;
      if (isModule) await this.#loadImports(imports);
      const promise = apply(body, isModule ? undefined : globalThis.exports, this.#namespaces);
      // `await` looks the constructor up, which the script may have replaced.
      defineProperty(promise, 'constructor', { __proto__: null, value: PromiseConstructor });
      value = await promise;
    } catch (thrown) {
      return this.#call === call ? this.fail(thrown) : undefined;
    }
    return this.#call === call ? this.#finish(value) : undefined;
  }

  /** The script threw, or an exception of it was caught nowhere. */
  fail(thrown) {
    this.#result.error(describeThrown(thrown));
  }

  /** The event loop is empty. */
  runDry() {
    if (this.#call.returned) this.#result.nothing();
    else this.fail(new Error('The script waits for a promise that nothing can settle any more: its event loop is empty'));
  }

  /** Loads the imports in order and checks the names, with a module's errors. */
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
      if (isNativeError(thrown)) thrown.stack += `\n    at ${this.#program.filename}:${position.line}:${position.column}`;
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
    this.#call.returned = true;
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

/** The namespace of an import that can be loaded before the script runs and will not fail; null for any other. */
async function namespaceAhead({ specifier, attributes, names }) {
  const namespace = attributes === null ? await importAhead(specifier) : null;
  return namespace !== null && missingName(namespace, names) === undefined ? namespace : null;
}

const missingName = (namespace, names) => names.find(({ exported }) => !(exported in namespace));
