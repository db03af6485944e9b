// Checks the scripts of a tree that the entry does not import: they are no part of the bundle, and a mistake in them is to be known all
// the same.
import { faultsOf } from './faults.mjs';
import { loaderOf } from './options.mjs';

/** The faults of those of `files` that the build, whose metafile is given, has not read. Their imports are not looked for. */
export async function checkUnused(esbuild, files, metafile) {
  const read = new Set(Object.keys(metafile.inputs).map((name) => name.replace(/ with \{.*$/, '')));
  for (const { name, text } of files) {
    const loader = loaderOf(name);
    if (read.has(name) || text === undefined || loader === undefined || loader === 'json' || loader === 'text') continue;
    try {
      await esbuild.transform(text, { loader, sourcefile: name, target: 'node26', logLevel: 'silent' });
    } catch (error) {
      if (!Array.isArray(error.errors) || error.errors.length === 0) throw error;
      return faultsOf(error.errors);
    }
  }
  return [];
}
