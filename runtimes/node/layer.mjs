// Builds the layer of the libraries of a lock, as process 1 of a sandbox whose only way out is the registry that the question names.
//
// Theory of operation: as of Python's libraries (runtimes/python/build.py). The first line of stdout says that the sandbox is built:
// `{"ready": true}`. Then one line of stdin asks: `lock`, `index`, the address of the registry, `maxFiles`, `maxBytes`. Each further line
// of stdout is one JSON object with one member: `log`, a line of the installation, and in the end `refused`, why there is no layer, or
// `built`, a report. The archive of the layer follows a report (layer/archive.mjs). The versions were chosen elsewhere (bundle.mjs): a
// layer comes from its lock alone, because scripts share it. No code of a package runs here.
import { createInterface } from 'node:readline';

import { Refusal } from './bundle/declared.mjs';
import { HOISTED, PROJECT, install } from './bundle/install.mjs';
import { archive } from './layer/archive.mjs';
import { declaredInLock } from './layer/lock.mjs';
import { checkSize, filesOf } from './layer/tree.mjs';

const PNPM = '/faas-pnpm';

write({ ready: true });
const lines = createInterface({ input: process.stdin });
const { value: question } = await lines[Symbol.asyncIterator]().next();
try {
  const files = await build(JSON.parse(question));
  for (const block of archive(PROJECT, files)) await print(block);
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  write({ refused: error.message });
}
lines.close();

async function build({ lock, index, maxFiles, maxBytes }) {
  await install(PNPM, { declared: declaredInLock(lock), lock, registry: index, log: (log) => write({ log }), layout: HOISTED });
  const files = filesOf(PROJECT);
  const bytes = checkSize(files, maxFiles, maxBytes);
  const isNative = files.some(({ name }) => name.endsWith('.node'));
  const platform = `${process.platform} ${process.arch} node ${process.versions.modules}`;
  write({ built: { files: files.length, bytes, isNative, platform } });
  return files;
}

function write(answer) {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

function print(bytes) {
  return new Promise((resolve, reject) => {
    process.stdout.write(bytes, (error) => (error ? reject(error) : resolve()));
  });
}
