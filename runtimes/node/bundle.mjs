// Bundles the JavaScript and TypeScript files of a tree into one text, as process 1 of a sandbox of its own.
//
// Theory of operation: each line of stdin asks, and one line of stdout answers, both in JSON. The first question has the files, which
// are laid out in FOLDER; a further one has another text of the entry. esbuild resolves and reads the files. A plugin looks at each
// import that it resolves, and refuses what is outside of FOLDER. So a file can import files of its tree, modules of node and the
// libraries that are declared (bundle/libraries.mjs), and nothing else. Libraries with machine code stay outside of the text: the answer
// says that it needs their layer. The walls of the sandbox are around all of it. Before its answer, a question about libraries gets the
// lines of their installation, each as an object with the member `log`. The first line of all, with the member `ready`, tells that the
// sandbox is built.
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';

import { NO_LIBRARIES, Refusal, prepare } from './bundle/libraries.mjs';
import { needsLayer } from './bundle/native.mjs';
import { optionsFor } from './bundle/options.mjs';
import { hasPause, mayPause } from './bundle/pause.mjs';
import { checkUnused } from './bundle/unused.mjs';
import { FOLDER, faultsOf } from './bundle/faults.mjs';

const ESBUILD = '/faas-esbuild';
const PNPM = '/faas-pnpm';

process.env.ESBUILD_BINARY_PATH = `${ESBUILD}/esbuild`;
const esbuild = createRequire(import.meta.url)(`${ESBUILD}/lib/main.js`);
let files = [];
let libraries = NO_LIBRARIES;

write({ ready: true });
for await (const line of createInterface({ input: process.stdin })) {
  let answer;
  try {
    answer = await bundle(JSON.parse(line));
  } catch (error) {
    answer = error instanceof Refusal ? { refused: error.message } : { failure: String(error?.message ?? error) };
  }
  write(answer);
}

async function bundle(question) {
  if (question.files !== undefined) layOut(files = question.files);
  if (question.entryText !== null) layOutFile(question.entry, question.entryText);
  let result;
  try {
    if (question.libraries) await install(question);
    result = await build(question.entry);
  } catch (error) {
    if (!Array.isArray(error.errors) || error.errors.length === 0) throw error;
    return { errors: faultsOf(error.errors), lock: libraries.lock };
  }
  const errors = await checkUnused(esbuild, files, result.metafile);
  if (errors.length > 0) return { errors, lock: libraries.lock };
  const isEntryWrapped = isWrapped(textOf(result, '.js'), question.entry);
  const isLayered = needsLayer(result.metafile);
  const paused = isEntryWrapped || isLayered ? null : await buildPaused(question.entry, result.metafile);
  const map = JSON.parse(textOf(paused ?? result, '.js.map'));
  map.sources = map.sources.map(decodeURIComponent); // esbuild writes them as parts of a URL
  return {
    javaScript: textOf(paused ?? result, '.js'), sourceMap: JSON.stringify(map), errors: [], isEntryWrapped, hasPause: paused !== null,
    needsLayer: isLayered, lock: libraries.lock,
  };
}

// What is wrong with the files is for the bundling to say.
async function install({ entry, libraries: asked }) {
  const imports = new Set();
  try {
    await esbuild.build(optionsFor(esbuild, entry, NO_LIBRARIES, { found: imports }));
  } catch (error) {
    if (!Array.isArray(error.errors)) throw error;
  }
  libraries = await prepare({ ...asked, files }, { pnpm: PNPM, imports, log: (log) => write({ log }) });
}

// An entry without imports and exports of its own would be a CommonJS module, whose `return` is the value of a function in the bundle.
async function build(entry) {
  const options = optionsFor(esbuild, entry, libraries);
  const result = await esbuild.build(options);
  if (result.metafile.inputs[entry].format === 'esm') return result;
  appendFileSync(`${FOLDER}/${entry}`, '\nexport {};');
  return esbuild.build(options);
}

// The same with a pause behind the libraries; null if there can be none. What is wrong with the files, the build without it has said.
async function buildPaused(entry, { inputs }) {
  if (!mayPause(inputs, entry)) return null;
  try {
    const result = await esbuild.build(optionsFor(esbuild, entry, libraries, { isPaused: true }));
    return hasPause(result.metafile.inputs, inputs) && !isWrapped(textOf(result, '.js'), entry) ? result : null;
  } catch (error) {
    if (!Array.isArray(error.errors)) throw error;
    return null;
  }
}

function textOf(result, end) {
  return result.outputFiles.find(({ path }) => path.endsWith(end)).text;
}

function write(answer) {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

function layOut(all) {
  for (const { name, text, base64 } of all) layOutFile(name, base64 === undefined ? text : Buffer.from(base64, 'base64'));
}

function layOutFile(name, content) {
  const path = `${FOLDER}/${name}`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

// esbuild makes functions of the files that are imported while the bundle runs, in objects whose keys are the names of the files.
function isWrapped(text, entry) {
  const key = JSON.stringify(entry);
  return ['__esm', '__commonJS'].some((wrapper) => ['', 'async '].some((kind) => text.includes(`${wrapper}({\n  ${kind}${key}(`)));
}
