// What is wrong with a tree, as the server reads it.

/** Where the files of the tree are. */
export const FOLDER = '/tmp/tree';

/** Whether a path is that of a file in the folder. */
export const inFolder = (path) => path.startsWith(`${FOLDER}/`);

const LIBRARIES = '../libraries/node_modules/';

/** Whether esbuild's name of a file is that of one of a library. It must be taken as it is: `data:x/../../libraries/…` is none. */
export const isOfLibrary = (file) => file.startsWith(LIBRARIES);

/** esbuild's errors as `[{text, file, line, column}]`: 1-based lines, 0-based columns in bytes of UTF-8; file null where there is none. */
export function faultsOf(errors) {
  return errors.map(({ text, location }) => location === null
    ? { text, file: null, line: 0, column: 0 }
    : isOfLibrary(location.file) ? { text: `${text} (${location.file.slice(LIBRARIES.length)})`, file: null, line: 0, column: 0 }
    : { text, file: nameOf(location.file), line: location.line, column: location.column });
}

// Relative to the folder, or an absolute path.
const nameOf = (file) => (inFolder(file) ? file.slice(FOLDER.length + 1) : file);
