import type { Failure } from "./wire.ts";

/** Where in the script a run failed. */
export interface FailurePlace {
  readonly line: number;
  readonly column?: number;
}

const javascriptFrame = /\bscript\.[jt]s:(\d+):(\d+)/;
const pythonFrame = /^ *File "script\.py", line (\d+)/gm;

/**
 * The innermost place in the script's own code: the one that the server names, else that of the stack. JavaScript writes the innermost
 * frame first, Python last. Null: the failure has no place, such as a time limit.
 */
export function failurePlace({ line, column, stack = "" }: Failure): FailurePlace | null {
  if (line !== undefined) return column === undefined ? { line } : { line, column };
  const [, row, character] = javascriptFrame.exec(stack) ?? [];
  if (row) return { line: Number(row), column: Number(character) };
  const last = [...stack.matchAll(pythonFrame)].at(-1);
  return last ? { line: Number(last[1]) } : null;
}
