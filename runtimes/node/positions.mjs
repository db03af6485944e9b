// From the positions of the code that runs to those of the code that was uploaded.
import { SourceMap } from 'node:module';

/** Maps 1-based positions back through a source map v3, or through nothing. */
export class Positions {
  #text;
  #map;
  #lineOffset;

  /** `sourceMap` is JSON text or null; `lineOffset` lines were put in front before the map was made. */
  constructor(sourceMap, lineOffset) {
    this.#text = sourceMap;
    this.#lineOffset = lineOffset;
  }

  /** False when positions are what they are. */
  get differ() {
    return this.#text !== null || this.#lineOffset !== 0;
  }

  /** `{line, column}` in the uploaded code. */
  original(line, column) {
    const entry = this.#load()?.findEntry(line - 1, column - 1);
    if (entry?.originalLine === undefined) return { line: this.#within(line), column };
    return { line: this.#within(entry.originalLine + 1), column: entry.originalColumn + 1 };
  }

  #within(line) {
    return Math.max(1, line - this.#lineOffset);
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
