// Maps positions in the code that runs to positions in the code that was uploaded.
import { SourceMap } from 'node:module';

const LIBRARIES = '../libraries/'; // where bundle/install.mjs installs them
const MODULES = 'node_modules/'; // of a library, the name of its folder and of the file is what a person knows

/** Maps 1-based positions through a source map v3. Without one, positions stay as they are. */
export class Positions {
  #text;
  #map;
  #entry;

  /** `sourceMap` is JSON text or null. `entry` is the name of the file of a tree that runs, or null: the code is a single text. */
  constructor(sourceMap, entry = null) {
    this.#text = sourceMap;
    this.#entry = entry;
  }

  /** True when there is a source map. */
  get differ() {
    return this.#text !== null;
  }

  /**
   * `{line, column, file}` in the uploaded code; `file` is the name of a file of a tree, or of a library that was bundled with the code.
   * Line 0, the wrapper's (compile.mjs), counts as line 1.
   */
  original(line, column) {
    const entry = this.#load()?.findEntry(line - 1, column - 1);
    const file = this.#fileOf(entry?.originalSource);
    if (entry?.originalLine === undefined) return { line: Math.max(1, line), column, ...file };
    return { line: entry.originalLine + 1, column: entry.originalColumn + 1, ...file };
  }

  #fileOf(source) {
    if (source?.startsWith(LIBRARIES)) return { file: source.slice(source.lastIndexOf(MODULES) + MODULES.length) };
    return this.#entry === null ? {} : { file: source ?? this.#entry };
  }

  #load() {
    if (this.#text !== null && this.#map === undefined) {
      try {
        this.#map = new SourceMap(JSON.parse(this.#text));
      } catch {
        this.#map = null; // not a source map: positions stay as they are
      }
    }
    return this.#map;
  }
}
