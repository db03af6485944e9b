// Bundles the JavaScript and TypeScript files of a tree into one text, as process 1 of a sandbox of its own.
//
// Theory of operation: each line of stdin asks, and one line of stdout answers, both in JSON. The first question has the files, which
// are laid out in FOLDER; a further one has another text of the entry. esbuild resolves and reads the files. A plugin looks at each
// import that it resolves, and refuses what is outside of FOLDER. So a file can import files of its tree and modules of node, and
// nothing else. The walls of the sandbox are around all of it.
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';

import { optionsFor } from './bundle/options.mjs';
import { checkUnused } from './bundle/unused.mjs';
import { FOLDER, faultsOf } from './bundle/faults.mjs';

const ESBUILD = '/faas-esbuild';

process.env.ESBUILD_BINARY_PATH = `${ESBUILD}/esbuild`;
const esbuild = createRequire(import.meta.url)(`${ESBUILD}/lib/main.js`);
let files = [];

for await (const line of createInterface({ input: process.stdin })) {
  let answer;
  try {
    answer = await bundle(JSON.parse(line));
  } catch (error) {
    answer = { failure: String(error?.message ?? error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

async function bundle(question) {
  if (question.files !== undefined) layOut(files = question.files);
  if (question.entryText !== null) write(question.entry, question.entryText);
  let result;
  try {
    result = await build(question.entry);
  } catch (error) {
    if (!Array.isArray(error.errors) || error.errors.length === 0) throw error;
    return { errors: faultsOf(error.errors) };
  }
  const errors = await checkUnused(esbuild, files, result.metafile);
  if (errors.length > 0) return { errors };
  const text = (end) => result.outputFiles.find(({ path }) => path.endsWith(end)).text;
  const javaScript = text('.js');
  const map = JSON.parse(text('.js.map'));
  map.sources = map.sources.map(decodeURIComponent); // esbuild writes them as parts of a URL
  return { javaScript, sourceMap: JSON.stringify(map), errors: [], isEntryWrapped: isWrapped(javaScript, question.entry) };
}

// An entry without imports and exports of its own would be a CommonJS module, whose `return` is the value of a function in the bundle.
async function build(entry) {
  const options = optionsFor(esbuild, entry);
  const result = await esbuild.build(options);
  if (result.metafile.inputs[entry].format === 'esm') return result;
  appendFileSync(`${FOLDER}/${entry}`, '\nexport {};');
  return esbuild.build(options);
}

function layOut(all) {
  for (const { name, text, base64 } of all) write(name, base64 === undefined ? text : Buffer.from(base64, 'base64'));
}

function write(name, content) {
  const path = `${FOLDER}/${name}`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

// esbuild makes functions of the files that are imported while the bundle runs, in objects whose keys are the names of the files.
function isWrapped(text, entry) {
  const key = JSON.stringify(entry);
  return ['__esm', '__commonJS'].some((wrapper) => ['', 'async '].some((kind) => text.includes(`${wrapper}({\n  ${kind}${key}(`)));
}
