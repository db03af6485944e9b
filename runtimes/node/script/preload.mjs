// Loads modules of node in the zygote, so that every child already has them: the modules that scripts often use, and those
// that the bound script names. Modules that start a thread (threads.mjs) are loaded only for a script that names them.
//
// Theory of operation: a pattern finds the named modules in the script's text, even in comments and strings. A false match
// does no harm, because its only effect is a module of node in memory. So a module is loaded ahead only if a script cannot
// notice that it was loaded: loading it prints no warning, keeps no descriptor and no thread, listens for no event and
// changes no behaviour. This excludes node:process as an ES module (it makes the standard streams, which make the
// zygote's pipes non-blocking), node:test (opens a descriptor), domain (changes every emitter and promise), inspector,
// repl and trace_events (concern the process that loads them), and the modules that warn when they are loaded (ffi,
// punycode, sqlite, sys, wasi), because the script must get that warning. Those are loaded when the script asks for them.
import { process } from '../kernel/primordials.mjs';
import { loadedLibrary } from './libraries.mjs';

const always = ['assert', 'buffer', 'child_process', 'crypto', 'fs/promises', 'http', 'os', 'path', 'stream/promises', 'timers/promises',
  'url', 'util', 'worker_threads', 'zlib'];

/** The modules that may be loaded ahead of a script. */
export const loadableAhead = new Set([...always, 'assert/strict', 'async_hooks', 'constants', 'dgram', 'diagnostics_channel', 'dns',
  'dns/promises', 'events', 'fs', 'http2', 'https', 'module', 'net', 'path/posix', 'path/win32', 'perf_hooks', 'querystring', 'readline',
  'readline/promises', 'stream', 'stream/consumers', 'stream/web', 'string_decoder', 'timers', 'tls', 'tty', 'util/types', 'v8', 'vm']);

const namePattern = /\b(?:(require|getBuiltinModule|import)\s*\(\s*|(from|import)\s*)(["'`])(?:node:)?([a-z0-9_/]+)\3/g;

/** Loads the modules that scripts often use, one per step. Some use process.stderr, so call `replaceOutputs` (stdio.mjs) before. */
export function* preload() {
  for (const name of always) yield process.getBuiltinModule(`node:${name}`);
}

/** `{name, isModule}` for each module of node that `source` names. `isModule` is true for an import as an ES module. */
export function* namedModules(source) {
  for (const [, call, declaration, , name] of source.matchAll(namePattern)) {
    if (loadableAhead.has(name)) yield { name, isModule: declaration !== undefined || call === 'import' };
  }
}

/** Loads the modules that `source` names. */
export async function preloadNamed(source) {
  for (const { name, isModule } of namedModules(source)) {
    if (isModule) await importAhead(name);
    else process.getBuiltinModule(`node:${name}`);
  }
}

/** The namespace of a module that may be loaded ahead, or of a library that is; null for any other specifier. */
export async function importAhead(specifier) {
  const library = await loadedLibrary(specifier);
  if (library !== null) return library;
  const name = specifier.startsWith('node:') ? specifier.slice('node:'.length) : specifier;
  return loadableAhead.has(name) ? await import(`node:${name}`) : null;
}
