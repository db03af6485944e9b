// The files of an installation that belong to its layer.
//
// Theory of operation: what pnpm keeps for itself stays out (names that begin with a dot, beside the packages), and so do the commands of
// packages, which are links. All else must be a regular file in a folder: the server takes nothing else.
import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { Refusal } from '../bundle/declared.mjs';

const MODULES = 'node_modules';

/** The files as `{name, size, isProgram}`, in the order of their names, which are relative to `folder`. Throws Refusal for another kind. */
export function filesOf(folder) {
  const files = [];
  collect(folder, MODULES, files);
  return files.sort((a, b) => (a.name < b.name ? -1 : 1));
}

const isOfPackages = (folder) => folder === MODULES || folder.endsWith(`/${MODULES}`);

function collect(folder, parent, files) {
  for (const entry of readdirSync(join(folder, parent), { withFileTypes: true })) {
    const name = `${parent}/${entry.name}`;
    if (isOfPackages(parent) && entry.name.startsWith('.')) continue;
    if (entry.isDirectory()) {
      collect(folder, name, files);
      continue;
    }
    if (!entry.isFile()) throw new Refusal(`${name} is neither a file nor a folder; a library may have no other kinds.`);
    const { size, mode } = lstatSync(join(folder, name));
    files.push({ name, size, isProgram: (mode & 0o111) !== 0 });
  }
}

/** The bytes of the files. Throws Refusal above either limit. A folder counts as a file. */
export function checkSize(files, maxFiles, maxBytes) {
  const folders = new Set(files.flatMap(({ name }) => parentsOf(name)));
  const count = files.length + folders.size;
  if (count > maxFiles) throw new Refusal(`The libraries have ${count} files and folders; faas.libraries.max-files allows ${maxFiles}.`);
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  if (bytes > maxBytes) throw new Refusal(`The libraries have ${bytes} bytes; faas.libraries.max-size allows ${maxBytes}.`);
  return bytes;
}

function parentsOf(name) {
  const parents = [];
  for (let at = name.lastIndexOf('/'); at > 0; at = name.lastIndexOf('/', at - 1)) parents.push(name.slice(0, at));
  return parents;
}
