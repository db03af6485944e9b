import { examples } from "./examples.ts";
import { isLanguage, type Language } from "./languages.ts";

/** What the user has written. Each language has its own code; the input is for all of them. */
export interface Draft {
  readonly language: Language;
  readonly code: Readonly<Record<Language, string>>;
  /** JSON; empty: `{}`. */
  readonly input: string;
  /** Seconds, or a text with a unit; empty: the server's own limit. */
  readonly timeout: string;
  /** Bytes, or a text with a unit; empty: the server's own limit. */
  readonly memory: string;
}

const beginOf = (language: Language) => examples.find((example) => example.language === language)!.code;

/** What a user finds at first. */
export const firstDraft: Draft = {
  language: "javascript",
  code: { javascript: beginOf("javascript"), typescript: beginOf("typescript"), python: beginOf("python") },
  input: examples[0]!.input,
  timeout: "",
  memory: "",
};

/** A draft with another code, in the code's language. */
export const withCode = (draft: Draft, language: Language, code: string, input: string): Draft => ({
  ...draft, language, input, code: { ...draft.code, [language]: code },
});

/** Reads what `JSON.stringify` made of a draft; what is missing or of another kind is as at first. */
export function readDraft(text: string | null): Draft {
  let read: Partial<Record<keyof Draft, unknown>>;
  try {
    read = (JSON.parse(text ?? "{}") ?? {}) as typeof read;
  } catch {
    return firstDraft;
  }

  const textOf = (value: unknown, otherwise: string) => (typeof value === "string" ? value : otherwise);
  const code = (typeof read.code === "object" && read.code !== null ? read.code : {}) as Partial<Record<Language, unknown>>;
  return {
    language: isLanguage(read.language) ? read.language : firstDraft.language,
    code: {
      javascript: textOf(code.javascript, firstDraft.code.javascript),
      typescript: textOf(code.typescript, firstDraft.code.typescript),
      python: textOf(code.python, firstDraft.code.python),
    },
    input: textOf(read.input, firstDraft.input),
    timeout: textOf(read.timeout, ""),
    memory: textOf(read.memory, ""),
  };
}
