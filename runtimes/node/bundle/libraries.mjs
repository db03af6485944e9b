// The libraries of a tree, from its declarations to what esbuild can import.
//
// Theory of operation: a first pass of esbuild finds the imports that begin with `npm:`, and stops at them. Together with package.json and
// the upload they say which libraries there are to be. pnpm installs these into a folder of their own, where esbuild looks for what a file
// imports by name. So a file can import what is declared, and what a library needs is the library's alone. Libraries with machine code
// are installed, too, and not bundled (native.mjs).
import { isBuiltin } from 'node:module';

import { Refusal, addImported, declaredIn } from './declared.mjs';
import { PROJECT, install } from './install.mjs';
import { NodeResolver, findNative } from './native.mjs';
import { parseSpecifier } from './specifier.mjs';

/** Where esbuild finds the libraries. */
export const MODULES = `${PROJECT}/node_modules`;

/** The libraries of a tree that has none. */
export const NO_LIBRARIES = { lock: null, names: new Set(), native: new Set(), resolver: null };

/**
 * Installs the libraries of a tree. Returns `{lock, names, native, resolver}`: the declared names, and the folders of those with machine
 * code, which the resolver finds modules of. Throws Refusal.
 */
export async function prepare(question, { pnpm, imports, log }) {
  const declared = declaredIn(question.dependencies, question.files);
  addImported(declared, imports);
  if (declared.size === 0) return NO_LIBRARIES;
  const lock = await install(pnpm, { declared, lock: question.lock, registry: question.registry, log });
  return { lock, names: new Set(declared.keys()), native: findNative(), resolver: await NodeResolver.make() };
}

/** What esbuild is to look for in place of an import of a library; null: the import names none that is declared. */
export function moduleOf(text, names) {
  const specifier = parseSpecifier(text);
  if (specifier === null || !names.has(specifier.name)) return null;
  // With a slash behind it, the name of a module of node is that of a library.
  return `${specifier.name}${specifier.path === '' && isBuiltin(specifier.name) ? '/' : specifier.path}`;
}

export { Refusal };
