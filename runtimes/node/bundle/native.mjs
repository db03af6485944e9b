// Which libraries have machine code, and where a bundle finds them.
//
// Theory of operation: machine code (a file with the ending .node) is loaded by its path, and finds other files beside its own. So a
// library that has some, or needs a library that has some, is not bundled: its modules stay files, which the sandboxes of runs see in a
// layer (layer.mjs), and the bundle imports them by their places there. A library that is imported by name lies in the same folder here and
// in the layer: node_modules/NAME. node itself resolves what the script imports of it, because node will load it.
import { existsSync, readdirSync, realpathSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { PROJECT } from './install.mjs';

/** The folder of the layer's packages in the sandbox of a run. */
export const LAYER = '/libraries/node_modules';

const STORE = `${PROJECT}/node_modules/.pnpm`; // each package in a folder of its own, beside links to those that it needs
const FILE = new RegExp(`^(${STORE}/[^/]+/node_modules/((?:@[^/]+/)?[^/]+))(/.+)$`);
const PRINTS_PLACE = 'export default (specifier) => import.meta.resolve(specifier);';

/** The folders of the packages that have machine code, or need one that has. */
export function findNative() {
  const packages = readdirSync(STORE, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules')
    .map(({ name }) => packageIn(`${STORE}/${name}/node_modules`));
  const native = new Set(packages.filter(({ folder }) => folder !== null && hasMachineCode(folder)).map(({ folder }) => folder));
  for (let before = -1; before < native.size;) {
    before = native.size;
    for (const { folder, needs } of packages) if (needs.some((need) => native.has(need))) native.add(folder);
  }
  return native;
}

/** The folder of a package, and of those that it needs, from the folder in which pnpm has put them together. */
function packageIn(parent) {
  const found = { folder: null, needs: [] };
  const scopes = readdirSync(parent, { withFileTypes: true }).flatMap((entry) => entry.name.startsWith('@') && entry.isDirectory()
    ? readdirSync(join(parent, entry.name), { withFileTypes: true })
    : [entry]);
  for (const entry of scopes) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isSymbolicLink() && existsSync(path)) found.needs.push(realpathSync(path));
    else if (entry.isDirectory() && entry.name !== '.bin') found.folder = path;
  }
  return found;
}

const hasMachineCode = (folder) => readdirSync(folder, { recursive: true }).some((name) => name.endsWith('.node'));

/** Resolves modules of installed libraries as node does. */
export class NodeResolver {
  #require = createRequire(`${PROJECT}/package.json`);
  #resolve;

  static async make() {
    const resolver = new NodeResolver();
    writeFileSync(`${PROJECT}/resolve.mjs`, PRINTS_PLACE);
    resolver.#resolve = (await import(`${PROJECT}/resolve.mjs`)).default;
    return resolver;
  }

  /** The file of a module for an import of this kind, as esbuild names it; null: node finds none. */
  resolve(specifier, kind) {
    try {
      return kind.startsWith('require') ? this.#require.resolve(specifier) : realpathSync(fileURLToPath(this.#resolve(specifier)));
    } catch {
      return null;
    }
  }
}

/** Where a file of one of the packages of `native` lies in the layer; null: it is a file of no such package. */
export function placeInLayer(path, native) {
  const [, folder, name, rest] = FILE.exec(path ?? '') ?? [];
  return folder !== undefined && native.has(folder) ? `${LAYER}/${name}${rest}` : null;
}

/** Whether a bundle imports modules of the layer. */
export const needsLayer = (metafile) => Object.values(metafile.outputs)
  .some(({ imports }) => imports.some(({ path, external }) => external === true && path.startsWith(`${LAYER}/`)));
