import type { Diagnostic } from "@codemirror/lint";
import type { Text } from "@codemirror/state";
import { failurePlace } from "./failurePlace.ts";
import type { Failure } from "./wire.ts";

/** Marks the place of a failure in the code, from its column to the end of the line; null: it has none that the code has. */
export function markOf(failure: Failure, code: Text): Diagnostic | null {
  const place = failurePlace(failure);
  if (!place || place.line < 1 || place.line > code.lines) return null;
  const { from, to, text } = code.line(place.line);
  const column = place.column ?? text.search(/\S|$/) + 1;
  return { from: Math.min(to, from + Math.max(0, column - 1)), to, severity: "error", message: titleOf(failure) };
}

/** A failure in a line: what the script threw, or what the server says. */
export const titleOf = ({ name, message, detail }: Failure): string => (message ? `${name ?? "Error"}: ${message}` : detail);
