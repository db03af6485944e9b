import type { Diagnostic } from "@codemirror/lint";
import type { Text } from "@codemirror/state";
import type { Failure } from "./wire.ts";

/** Marks the place of a failure in the code; null: the failure names none that the code has. */
export function markOf({ line, column, name, message, detail }: Failure, code: Text): Diagnostic | null {
  if (line === undefined || line < 1 || line > code.lines) return null;
  const { from, to } = code.line(line);
  const begin = Math.min(to, from + Math.max(0, (column ?? 1) - 1));
  return { from: begin, to, severity: "error", message: message ? `${name ?? "Error"}: ${message}` : detail };
}
