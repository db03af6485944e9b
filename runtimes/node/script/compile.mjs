// Compiles a script: its source becomes the body of an async function, so that top-level `return` and `await` work.
//
// Theory of operation: the wrapper's first line is line 0, so the script keeps its line and column numbers. Static imports
// are cut out of the body (imports.mjs). The wrapper's first line declares them as constants, taken from the function's
// arguments, so they are bound before the body runs. Exports are taken out as well (exports.mjs): the first line hands a
// function for each exported name to the wrapper's last argument. `import.meta` becomes a variable of the same length. As in a
// module, the body is then strict. Text that closes the wrapper and opens another one would compile too. So the body is also compiled alone, by the constructor of async functions, which
// accepts only a complete body; it reports no position, though.
import { Script, constants } from 'node:vm';
import { takeExport } from './exports.mjs';
import { ImportSyntaxError, blankImports, parseImports } from './imports.mjs';
import { lengthInCharacters, lineStarts, placeOf } from './source-text.mjs';

const IMPORT_OUTSIDE_MODULE = 'Cannot use import statement outside a module';
const META_OUTSIDE_MODULE = "Cannot use 'import.meta' outside a module";
const UNEXPECTED_EXPORT = "Unexpected token 'export'";
const META = /import\s*\.\s*meta/y;
const END_OF_INPUT = 'Unexpected end of input';
const UNEXPECTED_CLOSER = /^Unexpected token '[})]'$/;
const SEARCHED = 16 << 20; // characters to compile in search of an error's place: about a tenth of a second
const AsyncFunction = (async () => {}).constructor;

/** The script does not compile. `line` and `column` are 1-based positions in the uploaded code. */
export class CompileError extends Error {
  constructor(message, line, column) {
    super(message);
    this.line = line;
    this.column = column;
  }
}

/** Evaluates an expression as code of the file `filename`. It may use `import()`. */
export function evaluate(expression, filename) {
  return compile(expression, filename, 0).runInThisContext();
}

function compile(text, filename, lineOffset) {
  return new Script(text, { filename, lineOffset, importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER });
}

/**
 * Compiles `source`. Returns the program, `{isModule, imports, body}`: the imports to load, and the function to call with their
 * namespaces as arguments. `handler` is a function of the script whose name the upload gives, or null. The last argument of a module's body is `{meta, export}`: `import.meta`, and a function that takes
 * the exports, `[[name, read], …]`. Throws CompileError with a position that `positions` has mapped back.
 */
export function compileScript(source, filename, positions, handler = null) {
  const compiler = new Compiler(source, filename, positions, handler);
  try {
    return compiler.compile();
  } catch (error) {
    throw compiler.explain(error);
  }
}

class Compiler {
  #body;
  #filename;
  #positions;
  #handler;
  #imports = [];
  #exports = []; // [name, the expression that reads it]
  #hasExport = false;
  #defaultName = null;
  #metaName = null;

  constructor(source, filename, positions, handler) {
    this.#body = source.startsWith('#!') ? `//${source.slice(2)}` : source;
    this.#filename = filename;
    this.#positions = positions;
    this.#handler = handler;
  }

  compile() {
    let script;
    while (script === undefined) {
      try {
        script = this.#wrapped(this.#body, this.#imports);
      } catch (error) {
        if (error.message === IMPORT_OUTSIDE_MODULE) this.#takeImportsOut(error);
        else if (error.message === META_OUTSIDE_MODULE) this.#takeMetaOut(error);
        else if (error.message !== UNEXPECTED_EXPORT || !this.#takeExportOut(error)) throw error;
      }
    }
    new AsyncFunction(this.#body);
    script = this.#withHandler() ?? script;
    const body = script.runInThisContext(); // evaluates a function expression: runs no statement of the script
    return { isModule: this.#isModule, imports: this.#imports, body };
  }

  /** The script compiled with a reader of the handler, which need not be exported; null if there is no such variable to be read. */
  #withHandler() {
    const name = this.#handler;
    if (name === null || this.#exports.some(([known]) => known === name) || !this.#isComplete(`var ${name}`)) return null;
    this.#exports.push([name, `typeof ${name}==='undefined'?undefined:${name}`]);
    return this.#wrapped(this.#body, this.#imports);
  }

  get #isModule() {
    return this.#imports.length > 0 || this.#hasExport || this.#metaName !== null;
  }

  #wrapped(body, imports) {
    return compile(`(async function () {${this.#prologue(imports)}\n${body}\n})`, this.#filename, -1);
  }

  /** The wrapper's first line: declares what the body takes from the wrapper's arguments, and hands the exports over. */
  #prologue(imports) {
    const declared = imports.flatMap(({ namespace, names }, at) => {
      const bound = names.filter(({ local }) => local !== null).map(({ key, local }) => `${key}:${local}`);
      return [
        ...(bound.length > 0 ? [`{${bound.join()}}=arguments[${at}]`] : []),
        ...(namespace === null ? [] : [`${namespace}=arguments[${at}]`]),
      ];
    });
    if (this.#metaName !== null) declared.push(`${this.#metaName}=arguments[${imports.length}].meta`);
    const readers = this.#exports.map(([name, expression]) => `[${JSON.stringify(name)},()=>${expression}]`);
    return `${this.#isModule ? "'use strict';" : ''}${declared.length > 0 ? `const ${declared.join()};` : ''}`
      + `${this.#defaultName === null ? '' : `let ${this.#defaultName};`}`
      + `${readers.length > 0 ? `arguments[${imports.length}].export([${readers.join()}]);` : ''}`;
  }

  #offsetOf(error) {
    const { line, column } = placeOf(error, this.#filename);
    return lineStarts(this.#body)[line - 1] + column - 1;
  }

  /** A name that begins with `start` and is not in the script. */
  #freeName(start) {
    let name = start;
    for (let at = 0; this.#body.includes(name); at++) name = `${start.slice(0, -`${at}`.length)}${at}`;
    return name;
  }

  #takeMetaOut(error) {
    META.lastIndex = this.#body.lastIndexOf('import', this.#offsetOf(error)); // V8 reports the place of `meta`
    const match = META.exec(this.#body);
    if (match === null) throw error;
    this.#metaName ??= this.#freeName('import_meta'); // as long as `import.meta`
    const [text] = match;
    const by = this.#metaName + text.replaceAll(/[^\n\r\u2028\u2029]+/g, '');
    this.#body = this.#body.slice(0, match.index) + by.padEnd(text.length) + this.#body.slice(match.index + text.length);
  }

  /** Takes out the export declaration at an error. Returns false when no statement may begin there. */
  #takeExportOut(error) {
    const offset = this.#offsetOf(error);
    if (!this.#isComplete(this.#body.slice(0, offset))) return false;
    const variable = this.#freeName('default_');
    const { body, names, source } = takeExport(this.#body, offset, variable, (text) => this.#isComplete(text));
    if (source !== null) {
      source.position = this.#originalPosition(source.offset);
      this.#imports.push(source);
    }
    for (const { exported, local, member, isDeclared } of names) {
      if (this.#exports.some(([known]) => known === exported)) {
        throw new ImportSyntaxError(`Duplicate export of '${exported}'`, offset);
      }
      if (local === variable && !isDeclared) this.#defaultName = variable;
      const ofSource = `arguments[${this.#imports.length - 1}]`;
      this.#exports.push([exported, local ?? (member === null ? ofSource : `${ofSource}[${JSON.stringify(member)}]`)]);
    }
    this.#body = body;
    this.#hasExport = true;
    this.#refuseDuplicates();
    return true;
  }

  #takeImportsOut(error) {
    const offset = this.#offsetOf(error);
    if (!this.#isComplete(this.#body.slice(0, offset))) {
      throw new ImportSyntaxError('An import declaration may only stand at the top level of a script', offset);
    }
    const found = parseImports(this.#body, offset);
    for (const declaration of found) declaration.position = this.#originalPosition(declaration.offset);
    this.#body = blankImports(this.#body, found);
    this.#imports.push(...found);
    this.#refuseDuplicates();
  }

  /** True when `head` is a list of whole statements. */
  #isComplete(head) {
    try {
      this.#wrapped(head, []);
      return true;
    } catch {
      return false;
    }
  }

  #refuseDuplicates() {
    const seen = new Set();
    for (const { offset, namespace, names } of this.#imports) {
      for (const local of [...names.map((name) => name.local), namespace]) {
        if (local === null) continue;
        if (seen.has(local)) throw new ImportSyntaxError(`Identifier '${local}' has already been declared`, offset);
        seen.add(local);
      }
    }
  }

  /** Turns an error of the compiler into a CompileError. */
  explain(error) {
    if (error instanceof ImportSyntaxError) return this.#at(error.message, ...this.#positionOf(error.offset));
    if (!(error instanceof SyntaxError)) return this.#at('The code is nested too deeply to be compiled', 1, 1);
    const place = placeOf(error, this.#filename);
    const lines = lineStarts(this.#body);
    const closer = this.#strayCloser();
    if (closer >= 0) return this.#at("Unexpected token '}'", ...this.#positionOf(closer));
    const { message } = error;
    if (place === null) return this.#at(message, 1, 1);
    if (place.line <= lines.length) return this.#at(message, Math.max(1, place.line), place.column);
    return this.#at(UNEXPECTED_CLOSER.test(message) ? END_OF_INPUT : message, ...this.#positionOf(this.#body.length));
  }

  /**
   * The offset of the script's `}` that closes the wrapper, or -1. V8 reads on after it and blames the text that follows.
   * It is the first `}` before which the body is complete and with which it is not (in a comment it still would be).
   */
  #strayCloser() {
    let compiled = 0;
    for (let at = this.#body.indexOf('}'); at >= 0; at = this.#body.indexOf('}', at + 1)) {
      compiled += at;
      if (compiled >= SEARCHED) break;
      if (this.#isComplete(this.#body.slice(0, at)) && !this.#isComplete(this.#body.slice(0, at + 1))) return at;
    }
    return -1;
  }

  #originalPosition(offset) {
    return this.#positions.original(...this.#positionOf(offset));
  }

  #positionOf(offset) {
    const starts = lineStarts(this.#body);
    const line = starts.findLastIndex((start) => start <= offset);
    return [line + 1, offset - starts[line] + 1];
  }

  #at(message, line, column) {
    const start = lineStarts(this.#body)[line - 1];
    const inCharacters = this.#positions.differ ? column : lengthInCharacters(this.#body.slice(start, start + column - 1)) + 1;
    const original = this.#positions.original(line, inCharacters);
    return new CompileError(message, original.line, original.column);
  }
}
