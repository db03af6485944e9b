// An asynchronous call as a person writes it, and the request that it becomes (docs/asynchronous.md, "Accepting").

import { inputError } from "../playground/input.ts";

export interface AsyncDraft {
  /** A version's number or an alias; empty: the latest version. */
  readonly version: string;
  /** JSON; empty: `{}`. */
  readonly input: string;
  readonly priority: string;
  /** A local time as `<input type="datetime-local">` has it, `2026-02-08T07:33`; empty: at once. */
  readonly notBefore: string;
}

/** What is wrong with each field. */
export type AsyncErrors = Partial<Record<keyof AsyncDraft, string>>;

/** What cannot be sent at all. The rest the server says. */
export function errorsOfCall({ input, notBefore }: AsyncDraft): AsyncErrors {
  const wrong = inputError(input);
  return {
    ...(wrong === null ? {} : { input: wrong }),
    ...(notBefore !== "" && Number.isNaN(Date.parse(notBefore)) ? { notBefore: "Take a date and a time, or none." } : {}),
  };
}

/** The address of the call. */
export const addressOfCall = (path: string, version: string): string =>
  `/run/${encodeURIComponent(path)}${version.trim() === "" ? "" : `?version=${encodeURIComponent(version.trim())}`}`;

/** Its body. The input goes as a text that the server reads as JSON, so that no digit of a number is lost. */
export const bodyOfCall = ({ input, priority, notBefore }: AsyncDraft) => ({
  input: input.trim() === "" ? "{}" : input,
  priority: Number(priority),
  ...(notBefore === "" ? {} : { notBefore: new Date(notBefore).toISOString() }),
});
