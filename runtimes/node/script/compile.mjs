// Compiles a script: its source becomes the body of an async function, so that top-level `return` and `await` work.
//
// Theory of operation: what only a module may contain is taken out of the body, and stands in the wrapper's first line instead
// (wrapper.mjs): static imports (imports.mjs), exports (exports.mjs), and `import.meta`, which becomes a variable of the same
// length. V8 finds each of them by refusing it. As in a module, the body is then strict. Text that closes the wrapper and opens
// another one would compile too. So the body is also compiled alone, by the constructor of async functions, which accepts only a
// complete body; it reports no position, though.
import { takeExport } from './exports.mjs';
import { ImportSyntaxError, blankImports, parseImports } from './imports.mjs';
import { lengthInCharacters, lineStarts, placeOf } from './source-text.mjs';
import { Surroundings } from './wrapper.mjs';

const IMPORT_OUTSIDE_MODULE = 'Cannot use import statement outside a module';
const META_OUTSIDE_MODULE = "Cannot use 'import.meta' outside a module";
const UNEXPECTED_EXPORT = "Unexpected token 'export'";
const META = /import\s*\.\s*meta/y;
const END_OF_INPUT = 'Unexpected end of input';
const UNEXPECTED_CLOSER = /^Unexpected token '[})]'$/;
const SEARCHED = 16 << 20; // characters to compile in search of an error's place: about a tenth of a second
const AsyncFunction = (async () => {}).constructor;

/** The script does not compile. `line` and `column` are 1-based positions in the uploaded code; `file` is that of a tree, or undefined. */
export class CompileError extends Error {
  constructor(message, line, column, file) {
    super(message);
    this.line = line;
    this.column = column;
    this.file = file;
  }
}

/**
 * Compiles `source`. Returns the program, `{isModule, imports, body}`: the imports to load, and the function to call (wrapper.mjs).
 * `handler` is the name of a function that is read like an export, or null. Throws CompileError with a position that `positions`
 * has mapped back.
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
  #surroundings = new Surroundings();

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
        script = this.#surroundings.compile(this.#body, this.#filename);
      } catch (error) {
        if (error.message === IMPORT_OUTSIDE_MODULE) this.#takeImportsOut(error);
        else if (error.message === META_OUTSIDE_MODULE) this.#takeMetaOut(error);
        else if (error.message !== UNEXPECTED_EXPORT || !this.#takeExportOut(error)) throw error;
      }
    }
    new AsyncFunction(this.#body);
    script = this.#withHandler() ?? script;
    const body = script.runInThisContext(); // evaluates a function expression: runs no statement of the script
    const { isModule, imports } = this.#surroundings;
    return { isModule, imports, body };
  }

  /** The script compiled with a reader of the handler, which need not be exported; null if there is no such variable to be read. */
  #withHandler() {
    const name = this.#handler, { exports } = this.#surroundings;
    if (name === null || exports.some(([known]) => known === name) || !this.#isComplete(`var ${name}`)) return null;
    exports.push([name, `typeof ${name}==='undefined'?undefined:${name}`]);
    return this.#surroundings.compile(this.#body, this.#filename);
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
    const variable = (this.#surroundings.metaName ??= this.#freeName('import_meta')); // as long as `import.meta`
    const [text] = match;
    const by = variable + text.replaceAll(/[^\n\r\u2028\u2029]+/g, '');
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
      this.#surroundings.imports.push(source);
    }
    this.#addExports(names, variable, offset);
    this.#body = body;
    this.#refuseDuplicates();
    return true;
  }

  #addExports(names, variable, offset) {
    const surroundings = this.#surroundings, { exports, imports } = surroundings;
    surroundings.hasExport = true;
    const ofSource = `arguments[${imports.length - 1}]`;
    for (const { exported, local, member, isDeclared } of names) {
      if (exports.some(([known]) => known === exported)) throw new ImportSyntaxError(`Duplicate export of '${exported}'`, offset);
      if (local === variable && !isDeclared) surroundings.defaultName = variable;
      exports.push([exported, local ?? (member === null ? ofSource : `${ofSource}[${JSON.stringify(member)}]`)]);
    }
  }

  #takeImportsOut(error) {
    const offset = this.#offsetOf(error);
    if (!this.#isComplete(this.#body.slice(0, offset))) {
      throw new ImportSyntaxError('An import declaration may only stand at the top level of a script', offset);
    }
    const found = parseImports(this.#body, offset);
    for (const declaration of found) declaration.position = this.#originalPosition(declaration.offset);
    this.#body = blankImports(this.#body, found);
    this.#surroundings.imports.push(...found);
    this.#refuseDuplicates();
  }

  /** True when `head` is a list of whole statements. */
  #isComplete(head) {
    try {
      this.#surroundings.compile(head, this.#filename, []);
      return true;
    } catch {
      return false;
    }
  }

  #refuseDuplicates() {
    const seen = new Set();
    for (const { offset, namespace, names } of this.#surroundings.imports) {
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
    return new CompileError(message, original.line, original.column, original.file);
  }
}
