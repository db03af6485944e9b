// The function around a script's source.
//
// Theory of operation: the source becomes the body of an async function. The function's first line is line 0, so the script keeps
// its line and column numbers. That line declares what the body takes from the function's arguments: the namespaces of the
// imports, and then one object, `{meta, export}`, which is `import.meta` and a function that takes the exports.
import { Script, constants } from 'node:vm';

const STRICT = /^(?:\s|\/\/[^\n\r\u2028\u2029]*|\/\*[^]*?\*\/)*(?:"use strict"|'use strict')/;

/** Compiles a text as code of the file `filename`. It may use `import()`. Throws SyntaxError. */
export function compileText(text, filename, lineOffset = 0) {
  return new Script(text, { filename, lineOffset, importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER });
}

/** What the first line declares. */
export class Surroundings {
  imports = []; // as imports.mjs parses them
  exports = []; // [name, the expression that reads it]
  hasExport = false; // perhaps one that exports nothing
  defaultName = null; // the variable of `export default`
  metaName = null; // the variable in the place of `import.meta`

  get isModule() {
    return this.imports.length > 0 || this.hasExport || this.metaName !== null;
  }

  /** Compiles `body` in these surroundings, with `imports` only. Throws SyntaxError. */
  compile(body, filename, imports = this.imports) {
    return compileText(`(async function () {${this.#firstLine(body, imports)}\n${body}\n})`, filename, -1);
  }

  #firstLine(body, imports) {
    const declared = imports.flatMap(({ namespace, names }, at) => {
      const bound = names.filter(({ local }) => local !== null).map(({ key, local }) => `${key}:${local}`);
      return [
        ...(bound.length > 0 ? [`{${bound.join()}}=arguments[${at}]`] : []),
        ...(namespace === null ? [] : [`${namespace}=arguments[${at}]`]),
      ];
    });
    const given = `arguments[${imports.length}]`;
    if (this.metaName !== null) declared.push(`${this.metaName}=${given}.meta`);
    const readers = this.exports.map(([name, expression]) => `[${JSON.stringify(name)},()=>${expression}]`);
    const statements = [
      ...(declared.length > 0 ? [`const ${declared.join()};`] : []),
      ...(this.defaultName === null ? [] : [`let ${this.defaultName};`]),
      ...(readers.length > 0 ? [`${given}.export([${readers.join()}]);`] : []),
    ].join('');
    // A statement before a directive would take its effect away.
    return this.isModule || (statements !== '' && STRICT.test(body)) ? `'use strict';${statements}` : statements;
  }
}
