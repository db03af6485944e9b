// The libraries of a tree, from its declarations to what esbuild can import.
//
// Theory of operation: a first pass of esbuild finds the imports that begin with `npm:`, and stops at them. Together with package.json and
// the upload they say which libraries there are to be. pnpm installs these into a folder of their own, where esbuild looks for what a file
// imports by name. So a file can import what is declared, and what a library needs is the library's alone.
import { isBuiltin } from 'node:module';

import { Refusal, addImported, declaredIn } from './declared.mjs';
import { PROJECT, install } from './install.mjs';
import { parseSpecifier } from './specifier.mjs';

/** Where esbuild finds the libraries. */
export const MODULES = `${PROJECT}/node_modules`;

/** Installs the libraries of a tree. Returns `{lock, names}`; lock null: it declares none. Throws Refusal. */
export async function prepare(question, { pnpm, imports, log }) {
  const declared = declaredIn(question.dependencies, question.files);
  addImported(declared, imports);
  if (declared.size === 0) return { lock: null, names: new Set() };
  const lock = await install(pnpm, { declared, lock: question.lock, registry: question.registry, log });
  return { lock, names: new Set(declared.keys()) };
}

/** What esbuild is to look for in place of an import of a library; null: the import names none that is declared. */
export function moduleOf(text, names) {
  const specifier = parseSpecifier(text);
  if (specifier === null || !names.has(specifier.name)) return null;
  // With a slash behind it, the name of a module of node is that of a library.
  return `${specifier.name}${specifier.path === '' && isBuiltin(specifier.name) ? '/' : specifier.path}`;
}

export { Refusal };
