// The source files of a version, and which of them the page shows.

import type { CodeLanguage } from "../controls/codeLanguages.ts";

/** What the API says of a version's files (docs/management.md). */
export interface Sources {
  /** The file that runs; left out: the version has a single text. */
  entry?: string;
  sources: { name: string; text?: string; base64?: string }[];
}

/** The texts of a version by the names of its files. A single text has one file, without a name. */
export interface Code {
  readonly entry: string;
  readonly files: ReadonlyMap<string, string>;
}

/** The code of a version with a single text. */
export const singleText = (text: string): Code => ({ entry: "", files: new Map([["", text]]) });

/** The code of a version of several files; null: it has a single text. */
export const codeOf = ({ entry, sources }: Sources): Code | null =>
  entry === undefined ? null : { entry, files: new Map(sources.map(({ name, text, base64 = "" }) => [name, text ?? notText(base64)])) };

const notText = (base64: string) => `(${Math.floor((base64.length * 3) / 4) - (base64.match(/=+$/)?.[0].length ?? 0)} bytes that are no text)`;

/** One file that can be chosen. */
export interface Choice {
  readonly name: string;
  /** Whether the file is not the same on both sides. */
  readonly differs: boolean;
}

/** The files of one side or of both, by name. */
export function choices(left: Code | null, right: Code): readonly Choice[] {
  const names = [...new Set([...(left?.files.keys() ?? []), ...right.files.keys()])].toSorted();
  return names.map((name) => ({ name, differs: left !== null && left.files.get(name) !== right.files.get(name) }));
}

/** The file that is shown: the one that was chosen, if it is there, else the first that differs, else the entry. */
export function shownFile(chosen: string | null, left: Code | null, right: Code): string {
  const all = choices(left, right);
  return all.some(({ name }) => name === chosen) ? chosen! : (all.find(({ differs }) => differs)?.name ?? right.entry);
}

const languages: Record<string, CodeLanguage> = {
  js: "javascript", mjs: "javascript", cjs: "javascript", jsx: "javascript", ts: "typescript", mts: "typescript", cts: "typescript",
  tsx: "typescript", py: "python", json: "json",
};

/** What a file is written in, by the end of its name. A single text is in the version's language. */
export const languageOfFile = (name: string, language: CodeLanguage): CodeLanguage =>
  name === "" ? language : (languages[name.slice(name.lastIndexOf(".") + 1)] ?? "text");
