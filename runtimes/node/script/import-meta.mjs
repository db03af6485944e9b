// `import.meta` of a script.
import { createRequire, isBuiltin } from 'node:module';

const RELATIVE = /^\.{0,2}\//;
const SCHEME = /^[a-z][a-z\d+.-]*:/i;

/** As node makes it for the main module of a program. */
export function importMeta(filePath) {
  const { href } = new URL(`file://${filePath}`);
  const require = createRequire(filePath);
  return {
    __proto__: null,
    dirname: filePath.slice(0, filePath.lastIndexOf('/')),
    filename: filePath,
    main: true,
    resolve(specifier) {
      const text = `${specifier}`;
      if (isBuiltin(text)) return text.startsWith('node:') ? text : `node:${text}`;
      if (RELATIVE.test(text)) return new URL(text, href).href;
      return SCHEME.test(text) ? new URL(text).href : new URL(`file://${resolvePackage(require, text, filePath)}`).href;
    },
    url: href,
  };
}

function resolvePackage(require, name, filePath) {
  try {
    return require.resolve(name);
  } catch {
    throw Object.assign(new Error(`Cannot find package '${name}' imported from ${filePath}`), { code: 'ERR_MODULE_NOT_FOUND' });
  }
}
