// Prepares a script's program before the fork, and runs or checks it in a child. A shared child runs it again and again.
import { AsyncLocalStorage } from 'node:async_hooks';
import {
  PromiseConstructor, apply, define, defineProperty, isNativeError, isUint8Array, jsonParse, jsonStringify, nextTick, process,
} from '../kernel/primordials.mjs';
import { Pause } from './ahead.mjs';
import { bodyOf, bytesOf } from './bytes.mjs';
import { birth } from './clock.mjs';
import { CompileError, compileScript } from './compile.mjs';
import { describeThrown, mapStacks } from './errors.mjs';
import { callHandler, findHandler } from './handler.mjs';
import { importMeta } from './import-meta.mjs';
import { SCRIPT_FOLDER, defineModuleScope } from './module-scope.mjs';
import { Positions } from './positions.mjs';
import { importAhead } from './preload.mjs';
import { announceExit, announceExitAfterError, listensToUncaught } from './process.mjs';
import { BYTES, NOTHING, VALUE } from './result.mjs';
import { printed } from './stdio.mjs';
import { unserializable } from './unserializable.mjs';
import { compileText } from './wrapper.mjs';

const EMPTY_OBJECT = '{}'; // what JSON.stringify makes of a Blob, a Response and an ArrayBuffer

export class Runner {
  #script;
  #result;
  #program = null;
  #compileError = null;
  #arguments = []; // of the body: the namespaces of its imports, then `#record`
  #record = null;
  #readers = [];
  #load = null;
  #module = null;
  #current = null;
  #context = null; // of a shared child: tells which run an error comes from
  #ahead = null; // the body that has been called before the run: `{pause, value}`

  /** `script` is the PROGRAM frame's content, `result` a ResultPipe. */
  constructor(script, result) {
    this.#script = script;
    this.#result = result;
  }

  /** Compiles the script and defines the globals of its module. Runs no statement of it, and loads only modules of node. */
  async prepare() {
    const { filename, source, sourceMap, handler, entry } = this.#script;
    const positions = new Positions(sourceMap ?? null, entry ?? null);
    try {
      this.#program = compileScript(source, filename, positions, handler ?? null);
    } catch (error) {
      if (!(error instanceof CompileError)) throw error;
      this.#compileError = error;
      return;
    }
    if (positions.differ) mapStacks(filename, positions);
    if (this.#script.isolation === 'shared') this.#context = new AsyncLocalStorage();
    const filePath = `${SCRIPT_FOLDER}/${filename}`;
    this.#module = defineModuleScope(filePath);
    const { imports } = this.#program;
    if (imports.length > 0) {
      this.#load = compileText('(specifier, options) => import(specifier, options)', filename).runInThisContext();
    }
    for (const declaration of imports) this.#arguments.push(await namespaceAhead(declaration));
    this.#record = { meta: importMeta(filePath), export: (readers) => { this.#readers = readers; } };
    this.#arguments.push(this.#record);
  }

  /** Why the script does not compile; null when it does. */
  get compileError() {
    return this.#compileError;
  }

  /**
   * Runs the program for one of several runs at once, which began at `begun`. `token` keeps what belongs to that run alone:
   * `hasPrinted`, `readers` and `handler`. Returns the kind and the JSON of its result message. Throws what the script throws.
   */
  async runBeside(token, event, begun) {
    const { isModule, imports, body } = this.#program;
    if (isModule) await this.#loadImports(imports);
    const own = { meta: this.#record.meta, export: (readers) => { token.readers = readers; } };
    let value = await plain(apply(body, isModule ? undefined : globalThis.exports, withLast(this.#arguments, own)));
    if (value === undefined) {
      const call = this.#handlerToCall(token);
      if (call !== null) value = await plain(callHandler(call, event, begun, () => {}));
    }
    return await messageFor(value, token);
  }

  /** Whether `beginAhead` may be called: the script compiles, and imports no module of node that must not be loaded ahead. */
  get mayBeginAhead() {
    return this.#compileError === null && !this.#arguments.includes(null);
  }

  /** Before the run: executes the libraries of the script. Whether its body stands behind them now. */
  async beginAhead() {
    const pause = new Pause();
    const value = plain(this.#callBody());
    if (await pause.stands(value)) this.#ahead = { pause, value };
    else pause.goOn();
    return this.#ahead !== null;
  }

  /** Begins a run or a check, and so ends the one before. Returns a token that `run` or `check` takes. */
  begin() {
    this.#current = { begun: false, returned: false, handler: undefined };
    printed.isAny = false;
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
    this.#context?.enterWith(token); // the turn of the loop is this run's own
    if (this.#current !== token) return undefined; // something that an earlier run left behind has failed this run
    if (this.#compileError !== null) return this.#sendCompileError();
    token.begun = true;
    try {
      const event = jsonParse(input);
      define(globalThis, 'event', event, true);
      define(globalThis, 'input', event, true);
      let value = await plain(this.#executeBody());
      if (value === undefined && this.#current === token) {
        const call = this.#handlerToCall(token);
        if (call !== null) value = await plain(callHandler(call, event, birth(), () => { token.returned = true; }));
      }
      const later = this.#current === token ? this.#finish(value, token) : null;
      if (later !== null) this.#sendBytes(await plain(later), token);
    } catch (thrown) {
      if (this.#current === token) this.#throwUncaught(thrown);
    }
    return undefined;
  }

  /** A promise of what the body returns, which may have begun before. */
  #executeBody() {
    if (this.#ahead === null) return this.#callBody();
    const { pause, value } = this.#ahead;
    this.#ahead = null;
    pause.goOn();
    return value;
  }

  async #callBody() {
    const { isModule, imports, body } = this.#program;
    if (isModule) await this.#loadImports(imports);
    return await plain(apply(body, isModule ? undefined : globalThis.exports, this.#arguments));
  }

  #throwUncaught(thrown) {
    if (listensToUncaught(process)) {
      this.#current.returned = true; // if a listener handles it, the run ends with the event loop
      nextTick(() => { throw thrown; });
      return;
    }
    if (this.#script.isolation !== 'shared') announceExitAfterError(process);
    this.fail(thrown);
  }

  /**
   * What to log of an error that nothing has caught, if an earlier run of this process has made it; null: it is the run's own. The
   * earlier run has been answered, and the answer to the present one is not its.
   */
  lateError(thrown) {
    const owner = this.#context?.getStore();
    if (this.#context === null || (this.#current.begun && (owner === undefined || owner === this.#current))) return null;
    const { name, message, stack } = describeThrown(thrown);
    return `After its reply, an earlier call of this process has failed:\n${stack || `${name}: ${message}`}\n`;
  }

  /** Ends the run: the script did not catch an exception or a rejection. */
  fail(thrown) {
    this.#result.sendError(describeThrown(thrown));
  }

  /** Ends the run: the event loop is empty. */
  runDry() {
    if (this.#current.returned) this.#result.sendNothing(this.#current.handler);
    else this.fail(new Error('The script waits for a promise that nothing can settle any more: its event loop is empty'));
  }

  /** Loads the imports in order. A missing name throws the same error as in a module. */
  async #loadImports(imports) {
    for (let at = 0; at < imports.length; at++) {
      if (this.#arguments[at] === null) this.#arguments[at] = await this.#loadImport(imports[at]);
    }
  }

  async #loadImport({ specifier, attributes, names, position }) {
    try {
      const namespace = await this.#load(specifier, attributes === null ? undefined : { with: attributes });
      const missing = missingName(namespace, names);
      if (missing === undefined) return namespace;
      throw new SyntaxError(`The requested module '${specifier}' does not provide an export named '${missing.exported}'`);
    } catch (thrown) {
      if (isNativeError(thrown)) thrown.stack += `\n    at ${position.file ?? this.#script.filename}:${position.line}:${position.column}`;
      throw thrown;
    }
  }

  /** The handler to call when the body has returned nothing, or null. */
  #handlerToCall(token) {
    const named = this.#script.handler ?? null;
    const handler = findHandler(named, (name) => exported(token.readers ?? this.#readers, name), this.#module);
    const hasPrinted = token.hasPrinted ?? printed.isAny;
    if (handler !== null && (named !== null || !hasPrinted)) return handler.call;
    if (handler !== null) token.handler = handler.name;
    else if (!hasPrinted) token.handler = null;
    return null;
  }

  /** Sends the value. Returns null, or a promise of bytes that are to be sent. */
  #finish(value, token) {
    if (isUint8Array(value)) return this.#sendBytes(bytesOf(value), token);
    let json;
    try {
      json = jsonStringify(value);
    } catch (thrown) {
      throw unserializable(value, thrown);
    }
    if (json === EMPTY_OBJECT) {
      const later = bodyOf(value);
      if (later !== null) return later;
    }
    token.returned = true;
    if (json === undefined) return null; // without a value, the run ends when the event loop is empty
    this.#announceExit();
    this.#result.sendValue(json);
    return null;
  }

  /** `bytes` is of bytes.mjs. Returns null. */
  #sendBytes(bytes, token) {
    if (this.#current !== token) return null;
    token.returned = true;
    this.#announceExit();
    if (bytes.json === undefined) this.#result.sendBytes(bytes);
    else this.#result.sendValue(bytes.json);
    return null;
  }

  #announceExit() {
    if (this.#script.isolation !== 'shared') announceExit(process, 0);
  }

  #sendCompileError() {
    const { message, line, column, file } = this.#compileError;
    this.#result.sendCompileError({ __proto__: null, message, file, line, column });
  }
}

/** An export of the script; undefined if it has none of that name, or the body has ended before it had a value. */
function exported(readers, name) {
  for (let at = 0; at < readers.length; at++) {
    if (readers[at][0] !== name) continue;
    try {
      return readers[at][1]();
    } catch {
      return undefined;
    }
  }
  return undefined;
}

/** A copy of an array with another last element. */
function withLast(array, last) {
  const copy = [];
  for (let at = 0; at < array.length; at++) define(copy, at, at === array.length - 1 ? last : array[at], true);
  return copy;
}

/** The kind and the JSON of the result message for a value. */
async function messageFor(value, { handler }) {
  if (isUint8Array(value)) return { kind: BYTES, json: jsonStringify(bytesOf(value)) };
  let json;
  try {
    json = jsonStringify(value);
  } catch (thrown) {
    throw unserializable(value, thrown);
  }
  const later = json === EMPTY_OBJECT ? bodyOf(value) : null;
  if (later !== null) {
    const bytes = await plain(later);
    if (bytes.json !== undefined) return { kind: VALUE, json: bytes.json };
    return { kind: BYTES, json: jsonStringify(bytes) };
  }
  if (json !== undefined) return { kind: VALUE, json };
  return { kind: NOTHING, json: handler === undefined ? '' : jsonStringify({ __proto__: null, handler }) };
}

/** A promise as it was made: `await` reads its `constructor`, which the script may have replaced. */
function plain(promise) {
  defineProperty(promise, 'constructor', { __proto__: null, value: PromiseConstructor });
  return promise;
}

/** The namespace of an import that can be loaded before the script runs and cannot fail; null for any other import. */
async function namespaceAhead({ specifier, attributes, names }) {
  const namespace = attributes === null ? await importAhead(specifier) : null;
  return namespace !== null && missingName(namespace, names) === undefined ? namespace : null;
}

const missingName = (namespace, names) => names.find(({ exported }) => !(exported in namespace));
