// Folders with packages of a test's own, as an image has them.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder that is /node_modules inside, with these files; and the modules that are loaded ahead of scripts. */
export class Libraries {
  #folder = mkdtempSync(join(tmpdir(), 'faas-packages-'));

  /** `files`: texts by their paths. */
  constructor(files, ...modules) {
    chmodSync(this.#folder, 0o777); // nothing but the walls keeps a script from writing there
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(join(this.#folder, dirname(path)), { recursive: true });
      writeFileSync(join(this.#folder, path), text);
      chmodSync(join(this.#folder, path), 0o666);
    }
    this.walls = ['--ro-bind', this.#folder, '/node_modules'];
    this.arguments = modules.map((name) => `--preload=${name}`);
  }

  [Symbol.dispose]() {
    rmSync(this.#folder, { recursive: true });
  }
}
