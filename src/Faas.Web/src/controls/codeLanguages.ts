import { javascript } from "@codemirror/lang-javascript";
import { json } from "@codemirror/lang-json";
import { python } from "@codemirror/lang-python";
import { indentUnit } from "@codemirror/language";
import type { Extension } from "@codemirror/state";

/** What the text of an editor is written in. */
export type CodeLanguage = "javascript" | "typescript" | "python" | "json" | "text";

/** The highlighting and indentation of a language. */
export function codeLanguage(language: CodeLanguage): Extension {
  switch (language) {
    case "javascript":
      return [javascript(), indentUnit.of("  ")];
    case "typescript":
      return [javascript({ typescript: true }), indentUnit.of("  ")];
    case "python":
      return [python(), indentUnit.of("    ")];
    case "json":
      return [json(), indentUnit.of("  ")];
    case "text":
      return [];
  }
}
