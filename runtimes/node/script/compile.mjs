// Compiles a script: its source becomes the body of an async function, so that top-level `return` and `await` work.
//
// Theory of operation: the wrapper's first line is line 0, so the script keeps its line and column numbers. Static imports
// are cut out of the body (imports.mjs). The wrapper's first line declares them as constants, taken from the function's
// arguments, so they are bound before the body runs. As in a module, the body is then strict. Text that closes the wrapper
// and opens another one would compile too. So the body is also compiled alone, by the constructor of async functions, which
// accepts only a complete body; it reports no position, though.
import { Script, constants } from 'node:vm';
import { ImportSyntaxError, blankImports, parseImports } from './imports.mjs';
import { lengthInCharacters, lineStarts, placeOf } from './source-text.mjs';

const IMPORT_OUTSIDE_MODULE = 'Cannot use import statement outside a module';
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
 * Compiles `source`. Returns the program, `{imports, body}`: the imports to load, and the function to call with their
 * namespaces as arguments. Throws CompileError with a position that `positions` has mapped back.
 */
export function compileScript(source, filename, positions) {
  const compiler = new Compiler(source, filename, positions);
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
  #imports = [];

  constructor(source, filename, positions) {
    this.#body = source.startsWith('#!') ? `//${source.slice(2)}` : source;
    this.#filename = filename;
    this.#positions = positions;
  }

  compile() {
    let script;
    while (script === undefined) {
      try {
        script = this.#wrapped(this.#body, this.#imports);
      } catch (error) {
        if (error.message !== IMPORT_OUTSIDE_MODULE) throw error;
        this.#takeImportsOut(error);
      }
    }
    new AsyncFunction(this.#body);
    return { imports: this.#imports, body: script.runInThisContext() }; // evaluates a function expression: runs no statement of the script
  }

  #wrapped(body, imports) {
    return compile(`(async function () {${prologue(imports)}\n${body}\n})`, this.#filename, -1);
  }

  #takeImportsOut(error) {
    const { line, column } = placeOf(error, this.#filename);
    const offset = lineStarts(this.#body)[line - 1] + column - 1;
    if (!this.#isComplete(this.#body.slice(0, offset))) {
      throw new ImportSyntaxError('An import declaration may only stand at the top level of a script', offset);
    }
    const found = parseImports(this.#body, offset);
    for (const declaration of found) {
      const [atLine, atColumn] = this.#positionOf(declaration.offset);
      declaration.position = this.#positions.original(atLine, atColumn);
    }
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
      for (const local of [...names.map((name) => name.local), ...(namespace === null ? [] : [namespace])]) {
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
    const message = error.message === "Unexpected token 'export'"
      ? `${error.message}: a script has no exports, it returns its value`
      : error.message;
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

/** The wrapper's first line: it declares the imported names, from the namespaces that are the wrapper's arguments. */
function prologue(imports) {
  if (imports.length === 0) return '';
  const declared = imports.flatMap(({ namespace, names }, at) => {
    const bound = names.map(({ key, local }) => `${key}:${local}`);
    return [
      ...(bound.length > 0 ? [`{${bound.join()}}=arguments[${at}]`] : []),
      ...(namespace === null ? [] : [`${namespace}=arguments[${at}]`]),
    ];
  });
  return `'use strict';${declared.length > 0 ? `const ${declared.join()};` : ''}`;
}
