// Machine code for node, made by the C compiler of the machine. The functions of Node-API are declared by hand: no header is needed.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ADDON = `
  typedef struct napi_env__ *napi_env;
  typedef struct napi_value__ *napi_value;
  extern int napi_create_string_utf8(napi_env, const char *, unsigned long, napi_value *);
  const char *word(void);
  napi_value napi_register_module_v1(napi_env env, napi_value exports) {
    napi_value value = exports;
    napi_create_string_utf8(env, word(), -1UL, &value);
    return value;
  }`;
const wordOf = (text) => `const char *word(void) { return ${JSON.stringify(text)}; }`;

/** A `.node` whose value is a text. */
export const addon = (text) => compile({ 'a.c': ADDON + wordOf(text) }, [['-o', 'out', 'a.c']]);

/** A `.node` whose value is that of a library, which it looks for in `folder`, seen from its own; and that library. */
export function addonAndLibrary(text, folder) {
  const files = { 'a.c': ADDON, 'word.c': wordOf(text) };
  const library = ['-o', 'libword.so', '-Wl,-soname,libword.so', 'word.c'];
  const using = ['-o', 'out', 'a.c', '-L.', '-lword', `-Wl,-rpath,$ORIGIN/${folder}`];
  return { addon: compile(files, [library, using]), library: compile(files, [['-o', 'out', '-Wl,-soname,libword.so', 'word.c']]) };
}

function compile(files, calls) {
  const folder = mkdtempSync(join(tmpdir(), 'faas-addon-'));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    for (const args of calls) execFileSync('cc', ['-shared', '-fPIC', ...args], { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] });
    return readFileSync(join(folder, 'out'));
  } catch (error) {
    throw error.code === 'ENOENT' ? new Error('These tests need a C compiler, cc (on Debian: apt-get install gcc libc6-dev).') : error;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
