// How esbuild bundles a tree.
import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';

import { FOLDER, inFolder } from './faults.mjs';
import { MODULES, NO_LIBRARIES, moduleOf } from './libraries.mjs';
import { placeInLayer } from './native.mjs';
import { PAUSE_IMPORT, pauseOf } from './pause.mjs';

const OWN = Symbol('resolved by esbuild itself'); // marks the question that the plugin passes on
const LOADERS = {
  '.js': 'js', '.mjs': 'js', '.cjs': 'js', '.jsx': 'jsx', '.ts': 'ts', '.mts': 'ts', '.cts': 'ts', '.tsx': 'tsx',
  '.json': 'json', '.txt': 'text',
};
const META = /import\s*\.\s*meta/;
const SOURCE_MAP = 'sourceMappingURL=';
const NO_SOURCE_MAP = `\n//# ${SOURCE_MAP}none:`; // esbuild heeds the last one, and would read any file that another one names

/** The loader for a file of this name; undefined if it has none. */
export const loaderOf = (name) => LOADERS[name.slice(name.lastIndexOf('.'))];

/**
 * The options of the build whose entry is the file `entry` of the tree.
 * @param libraries those that are installed
 * @param found gets each import of a library by `npm:`; without it, they are looked for among the libraries
 * @param isPaused whether there is to be a pause behind the libraries (pause.mjs)
 */
export function optionsFor(esbuild, entry, libraries = NO_LIBRARIES, { found = null, isPaused = false } = {}) {
  return {
    absWorkingDir: FOLDER,
    entryPoints: [`./${entry}`],
    outfile: `${FOLDER}/bundle.js`,
    write: false,
    allowOverwrite: true, // a file of the tree may have that name
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node26',
    charset: 'utf8',
    sourcemap: 'external',
    sourcesContent: false,
    metafile: true,
    keepNames: true, // two files may have a class of one name
    loader: LOADERS,
    logLevel: 'silent',
    logLimit: 100,
    nodePaths: [MODULES],
    plugins: [...(isPaused ? [pauseOf(entry)] : []), within(libraries, found), content(esbuild, entry, isPaused ? PAUSE_IMPORT : '')],
  };
}

/** Refuses every import but those of the tree's files, of node's modules, and of libraries. */
function within({ names, native, resolver }, seen) {
  return {
    name: 'within',
    setup(build) {
      build.onResolve({ filter: /.*/ }, async ({ path, kind, importer, namespace, resolveDir, pluginData, with: attributes }) => {
        if (pluginData === OWN || kind === 'entry-point' || path.startsWith('data:')) return undefined;
        if (isBuiltin(path)) return { path, external: true };
        if (seen !== null && path.startsWith('npm:')) {
          seen.add(path);
          return { path, external: true };
        }
        const module = inFolder(importer) ? moduleOf(path, names) : null;
        const found = await build.resolve(module ?? path, { kind, importer, namespace, resolveDir, pluginData: OWN, with: attributes });
        // A library may do without what it does not find, and esbuild says so where it may not.
        if (found.errors.length > 0) return inFolder(importer) ? refused(path, names) : undefined;
        const isOutside = found.namespace === 'file' && !inFolder(found.path) && !isOfLibrary(found.path);
        if (found.external || isOutside) return refused(path, names);
        const place = isCode(found.path, attributes) ? placeInLayer(found.path, native) : null;
        if (place !== null) {
          const byNode = module === null ? null : placeInLayer(resolver.resolve(module, kind), native);
          return { path: byNode ?? place, external: true };
        }
        return { ...found, pluginData: undefined };
      });
    },
  };
}

// What is bundled wherever it lies: node would have other rules for it than esbuild.
const isCode = (path, attributes) => attributes?.type !== 'text' && !['json', 'text'].includes(loaderOf(path));

const isOfLibrary = (path) => path.startsWith(`${MODULES}/`);
const isRelative = (path) => /^\.{0,2}\//.test(path) || path === '.' || path === '..';

function refused(path, names) {
  const text = isRelative(path) ? `There is no file ${JSON.stringify(path)} in the tree`
    : moduleOf(path, names) !== null ? `The library has no module ${JSON.stringify(path)}`
    : `${JSON.stringify(path)} is neither a module of node nor a file of the tree (whose name begins with ./ or ../), `
      + 'and no library of this name is declared';
  return { errors: [{ text }] };
}

/**
 * Reads the files. Each but the entry gets an `import.meta` of its own. No file has a source map: errors are placed in what was uploaded. A
 * file is text where the import says `with { type: 'text' }`. `behind` stands behind the text of the entry.
 */
function content(esbuild, entry, behind) {
  return {
    name: 'content',
    setup(build) {
      build.onLoad({ filter: /.*/, namespace: 'file' }, async ({ path, with: attributes }) => {
        if (attributes?.type === 'text') return { contents: readFileSync(path, 'utf8'), loader: 'text' };
        const name = path.slice(FOLDER.length + 1), loader = loaderOf(path);
        if (loader === undefined || loader === 'json' || loader === 'text') return undefined;
        let text = readFileSync(path, 'utf8');
        if (text.includes(SOURCE_MAP)) text += NO_SOURCE_MAP;
        if (path === `${FOLDER}/${entry}`) text += behind;
        if (!inFolder(path) || name === entry || !META.test(text)) return { contents: text, loader };
        const sourcefile = name.slice(name.lastIndexOf('/') + 1);
        const output = { sourcemap: 'inline', sourcesContent: false, target: 'node26', charset: 'utf8', logLevel: 'silent' };
        const result = await esbuild.transform(text, { loader, sourcefile, ...output, ...metaOf(name) }).catch(() => null);
        // What is wrong, the build itself says.
        return result === null ? { contents: text, loader } : { contents: result.code, loader: 'js' };
      });
    },
  };
}

function metaOf(name) {
  const filename = `/tmp/script/${name}`;
  const texts = { filename, dirname: filename.slice(0, filename.lastIndexOf('/')), url: new URL(`file://${encodeURI(filename)}`).href };
  const defined = Object.entries(texts).map(([member, text]) => [`import.meta.${member}`, JSON.stringify(text)]);
  return { define: { ...Object.fromEntries(defined), 'import.meta.main': 'false' } };
}
