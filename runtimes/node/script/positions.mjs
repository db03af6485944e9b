// Maps positions in the code that runs to positions in the code that was uploaded.
import { SourceMap } from 'node:module';

/** Maps 1-based positions through a source map v3. Without one, positions stay as they are. */
export class Positions {
  #text;
  #map;

  /** `sourceMap` is JSON text or null. */
  constructor(sourceMap) {
    this.#text = sourceMap;
  }

  /** True when there is a source map. */
  get differ() {
    return this.#text !== null;
  }

  /** `{line, column}` in the uploaded code. Line 0, the wrapper's (compile.mjs), counts as line 1. */
  original(line, column) {
    const entry = this.#load()?.findEntry(line - 1, column - 1);
    if (entry?.originalLine === undefined) return { line: Math.max(1, line), column };
    return { line: entry.originalLine + 1, column: entry.originalColumn + 1 };
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
