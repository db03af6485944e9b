// The names of a CommonJS module, which every script has.
import { Module, createRequire } from 'node:module';
import { define } from '../kernel/primordials.mjs';

/** The script's folder, as `__dirname` and stacks show it. */
export const SCRIPT_FOLDER = '/tmp';

/** Defines the names of a CommonJS module, as globals, because a script may declare the same names itself. Returns the module. */
export function defineModuleScope(filePath) {
  const module = new Module(filePath);
  module.filename = filePath;
  module.paths = Module._nodeModulePaths(SCRIPT_FOLDER);
  const require = createRequire(filePath);
  require.main = module;
  const scope = { require, module, exports: module.exports, __filename: filePath, __dirname: SCRIPT_FOLDER };
  for (const [name, value] of Object.entries(scope)) define(globalThis, name, value);
  return module;
}

/** Removes the globals that `defineModuleScope` and a run define. */
export function forgetModuleScope() {
  for (const name of ['require', 'module', 'exports', '__filename', '__dirname', 'event', 'input']) delete globalThis[name];
}
