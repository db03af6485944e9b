// Which rows of a value's tree are drawn. They stand in one flat list, however deep the value is: a list in a list for each level would
// leave no room for names, and browsers lay out a thousand of them slowly. Their number is bounded three times: at first few branches are
// open, of a branch only a part of the members is drawn, and of all that the user has opened the first rows.
import type { Json } from "./json.ts";

/** Members of a branch that are drawn at first. */
const firstPage = 100;

/** Members that are drawn in addition when the user asks for more. */
const laterPages = 1000;

/** Rows that are drawn at first, about. */
const mostAtFirst = 400;

/** Rows that are drawn at all. */
export const mostRows = 5000;

/** Which members of an open branch are drawn: from the first to before the last. */
export interface Span {
  readonly first: number;
  readonly last: number;
}

/** The open branches. */
export type Open = ReadonlyMap<Json, Span>;

/** A row of the tree. */
export type TreeRow =
  | { readonly kind: "value"; readonly level: number; readonly name: string | undefined; readonly value: Json; readonly isOpen: boolean }
  /** Leads to members of a branch that are not drawn. */
  | { readonly kind: "before" | "more"; readonly level: number; readonly branch: Json; readonly span: Span }
  /** There are more rows than are drawn. */
  | { readonly kind: "end" };

/** Whether a value has members. */
export const isBranch = (value: Json): boolean => value.items.length > 0;

/** What is open at first: the value itself, and those of its members that do not make the tree long. */
export function openAtFirst(root: Json): Open {
  const open = new Map([[root, spanOf(root)]]);
  let rows = Math.min(firstPage, root.items.length);
  for (const item of root.items.slice(0, firstPage)) {
    if (!isBranch(item)) continue;
    rows += Math.min(firstPage, item.items.length);
    if (rows > mostAtFirst && open.size > 1) break;
    open.set(item, spanOf(item));
  }

  return open;
}

/** A branch with its first members. */
export const spanOf = (branch: Json): Span => ({ first: 0, last: Math.min(firstPage, branch.items.length) });

/** With more members at the end; those at the begin go when they are many. */
export function after({ first, last }: Span, count: number): Span {
  const end = Math.min(count, last + laterPages);
  return { first: Math.max(first, end - 2 * laterPages), last: end };
}

/** With more members at the begin; those at the end go when they are many. */
export function before({ first, last }: Span): Span {
  const begin = Math.max(0, first - laterPages);
  return { first: begin, last: Math.min(last, begin + 2 * laterPages) };
}

interface Level {
  readonly branch: Json;
  readonly span: Span;
  at: number;
}

/** The rows of a value whose branches are open or closed. */
export function rowsOf(root: Json, open: Open): readonly TreeRow[] {
  const rows: TreeRow[] = [];
  const levels: Level[] = [];
  const add = (value: Json, name: string | undefined) => {
    const span = isBranch(value) ? open.get(value) : undefined;
    rows.push({ kind: "value", level: levels.length, name, value, isOpen: span !== undefined });
    if (!span) return;
    levels.push({ branch: value, span, at: span.first });
    if (span.first > 0) rows.push({ kind: "before", level: levels.length, branch: value, span });
  };
  add(root, undefined);
  for (let level = levels.at(-1); level; level = levels.at(-1)) {
    const { branch, span, at } = level;
    if (rows.length >= mostRows) {
      rows.push({ kind: "end" });
      break;
    }

    if (at < span.last) {
      level.at++;
      add(branch.items[at]!, branch.members[at]?.name ?? String(at));
    } else {
      if (span.last < branch.items.length) rows.push({ kind: "more", level: levels.length, branch, span });
      levels.pop();
    }
  }

  return rows;
}
