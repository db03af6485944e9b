// Modules of node, loaded once in the zygote, are there in every child: those that scripts use often, and those that
// the bound script names. Those that start a thread for a moment (threads.mjs) are not loaded for all.
//
// Theory of operation: what a script names is found in its text by a pattern, in comments and strings too. That may
// be wrong without harm, because all that ever comes of it is that a module of node is in memory. So only modules are
// loaded ahead whose loading shows nowhere: it warns of nothing, keeps no descriptor and no thread, listens for
// no event, changes no behaviour. That leaves out node:process as an ES module (makes the standard streams, which
// make the zygote's pipes non-blocking), node:test (opens a descriptor), domain (changes every emitter and promise),
// inspector, repl and trace_events (are about the process that they are loaded in), and all that warn when they are
// loaded (ffi, punycode, sqlite, sys, wasi): the warning is the script's to get. They are loaded where the script asks for them.
import { process } from '../kernel/primordials.mjs';

const always = ['assert', 'buffer', 'child_process', 'crypto', 'fs/promises', 'http', 'os', 'path', 'stream/promises',
  'timers/promises', 'url', 'util', 'worker_threads', 'zlib'];

/** The modules that may be loaded ahead of a script. */
export const loadableAhead = new Set([...always, 'assert/strict', 'async_hooks', 'constants', 'dgram', 'diagnostics_channel', 'dns', 'dns/promises',
  'events', 'fs', 'http2', 'https', 'module', 'net', 'path/posix', 'path/win32', 'perf_hooks', 'querystring', 'readline', 'readline/promises',
  'stream', 'stream/consumers', 'stream/web', 'string_decoder', 'timers', 'tls', 'tty', 'url', 'util/types', 'v8', 'vm']);

const mention = /\b(?:(require|getBuiltinModule|import)\s*\(\s*|(from|import)\s*)(["'`])(?:node:)?([a-z0-9_/]+)\3/g;

/** Loads what scripts use often, one at each step. Some look at process.stderr, which must be the runtime's own by then. */
export function* preload() {
  for (const name of always) yield process.getBuiltinModule(`node:${name}`);
}

/** `{name, isModule}` of each module of node that `source` names; `isModule` where it is imported as an ES module. */
export function* mentioned(source) {
  for (const [, call, declaration, , name] of source.matchAll(mention)) {
    if (loadableAhead.has(name)) yield { name, isModule: declaration !== undefined || call === 'import' };
  }
}

/** Loads what `source` names. */
export async function preloadMentioned(source) {
  for (const { name, isModule } of mentioned(source)) {
    if (isModule) await importAhead(name);
    else process.getBuiltinModule(`node:${name}`);
  }
}

/** The namespace of a module that may be loaded ahead, or null for any other specifier. */
export async function importAhead(specifier) {
  const name = specifier.startsWith('node:') ? specifier.slice('node:'.length) : specifier;
  return loadableAhead.has(name) ? await import(`node:${name}`) : null;
}
