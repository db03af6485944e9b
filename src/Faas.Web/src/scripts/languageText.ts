import type { ScriptLine } from "./pathTree.ts";

/** A language in two letters, for narrow places. */
export const languageText = (language: ScriptLine["language"]): string =>
  ({ javascript: "JS", typescript: "TS", python: "PY" })[language] ?? "?";

/** A language's own name. */
export const languageName = (language: ScriptLine["language"]): string =>
  ({ javascript: "JavaScript", typescript: "TypeScript", python: "Python" })[language] ?? language;
