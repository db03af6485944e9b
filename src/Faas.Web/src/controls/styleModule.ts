// Stands for the package style-mod in the build (vite.config.ts).
//
// Theory of operation. style-mod puts CodeMirror's styles into style elements, which the page's Content-Security-Policy forbids.
// A constructed style sheet is no inline style, so the policy allows it. Everything else is the package's own.
import { StyleModule as Base } from "../../node_modules/style-mod/src/style-mod.js";

const sheets = new WeakMap<Base, CSSStyleSheet>();

export class StyleModule extends Base {
  /** Adopts the modules' rules in the order of the modules, after the sheets of other editors. */
  static override mount(root: Document | ShadowRoot, modules: Base | Base[]): void {
    const own = (Array.isArray(modules) ? modules : [modules]).map(sheetOf);
    if (own.every((sheet) => root.adoptedStyleSheets.includes(sheet))) return;
    root.adoptedStyleSheets = [...root.adoptedStyleSheets.filter((sheet) => !own.includes(sheet)), ...own];
  }
}

function sheetOf(module: Base): CSSStyleSheet {
  let sheet = sheets.get(module);
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(module.getRules());
    sheets.set(module, sheet);
  }

  return sheet;
}
