// Puts a pause between the libraries of a bundle and the script's own code, so that the libraries may be executed before there is a run.
//
// Theory of operation: what a file imports is executed in the order of its imports, and all of it before the first statement of the file.
// So the entry gets an import more, behind its text, where it moves no line: that of a module which waits. No name of the entry can change
// the words of another module, because esbuild renames what would. esbuild executes modules with `export` where it has written them, before
// the libraries of CommonJS, unless something imports them while the bundle runs; therefore this one imports itself.
//
// The code before the pause is executed by a process that outlives all runs, so it must be that of libraries alone. A bundle has no pause
//
// - with another file of the author's, a `data:` import, or anything else that is no file of a library;
// - if other files import the entry, because esbuild then makes a function of it;
// - with a library that has a direct `eval`, which would see the functions of the script.
//
// What the pause waits for, runtimes/node/script/ahead.mjs says; without it, it waits for nothing.
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { FOLDER, isOfLibrary } from './faults.mjs';

/** The statement at which the body of a script stands. */
export const PAUSE = 'await globalThis[Symbol.for("faas.pause")];';

const MODULE = 'faas:pause';
const NAMESPACE = 'faas';
const PATH = '../pause'; // no file of a tree has such a name
const INPUT = `${NAMESPACE}:${PATH}`; // as esbuild's metafile names it
const DIRECT_EVAL = /\beval\s*\(/;

/** The import of the pause, as it stands behind the text of the entry. */
export const PAUSE_IMPORT = `\nimport "${MODULE}";`;

/** The plugin of esbuild that has the module. The first build, which has it not, refuses every import of this name. */
export function pauseOf(entry) {
  return {
    name: 'pause',
    setup(build) {
      build.onResolve({ filter: /^faas:pause$/ }, ({ importer, namespace }) =>
        (namespace === NAMESPACE || importer === `${FOLDER}/${entry}` ? { path: PATH, namespace: NAMESPACE } : undefined));
      const contents = `${PAUSE}\nexport const again = () => import("${MODULE}");`;
      build.onLoad({ filter: /.*/, namespace: NAMESPACE }, () => ({ contents }));
    },
  };
}

/** Whether a bundle of these inputs (of esbuild's metafile) may have a pause. */
export function mayPause(inputs, entry) {
  const others = Object.keys(inputs).filter((name) => name !== entry);
  return others.length > 0 && others.every((name) => isOfLibrary(name) && !mayHaveEval(name));
}

/** Whether a bundle of these inputs has one: it is there, and all others were there when `mayPause` judged them. */
export function hasPause(inputs, judged) {
  const names = Object.keys(inputs);
  return names.includes(INPUT) && names.every((name) => name === INPUT || name in judged);
}

function mayHaveEval(name) {
  const path = resolve(FOLDER, name.replace(/ with \{.*$/, '')); // esbuild's names have the attributes of an import
  return !existsSync(path) || DIRECT_EVAL.test(readFileSync(path, 'utf8'));
}
