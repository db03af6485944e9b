// From the positions of the code that runs to those of the code that was uploaded.
import { SourceMap } from 'node:module';

/** Maps 1-based positions back through a source map v3, or through nothing. */
export class Positions {
  #text;
  #map;

  /** `sourceMap` is JSON text or null. */
  constructor(sourceMap) {
    this.#text = sourceMap;
  }

  /** False when positions are what they are. */
  get differ() {
    return this.#text !== null;
  }

  /** `{line, column}` in the uploaded code. The line that the runtime puts before a script counts as the script's first. */
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
        this.#map = null; // not a map: positions stay as they are
      }
    }
    return this.#map;
  }
}
