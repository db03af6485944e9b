import type { Run } from "./run.ts";

/** What the view shows of the runs. Of the lists an empty one means everything. */
export interface RunFilter {
  /** A script and what is under it. */
  readonly path: string;
  readonly state: readonly string[];
  readonly reason: readonly string[];
  readonly language: readonly string[];
  readonly start: readonly string[];
  /** Words that must be in what the view knows of a run. */
  readonly text: string;
}

/** The lists of the filter, with what they may hold. */
export const choices = {
  state: ["waiting", "running", "ended"],
  reason: [
    "ok",
    "error",
    "syntax",
    "dependencies",
    "exit",
    "signal",
    "oom",
    "timeout",
    "output_limit",
    "cancelled",
    "sandbox",
    "queue_full",
    "queue_timeout",
    "draining",
    "secret",
    "image",
    "network_unsupported",
    "store",
  ],
  language: ["javascript", "typescript", "python"],
  start: ["warm", "spare", "cold"],
} as const;

export type ListName = keyof typeof choices;

const listNames = Object.keys(choices) as ListName[];

export const everything: RunFilter = { path: "", state: [], reason: [], language: [], start: [], text: "" };

/** The filter of an address, `?path=math&reason=error,timeout&text=ada`. What it may not hold is left out. */
export function filterOf(search: string): RunFilter {
  const query = new URLSearchParams(search);
  const list = (name: ListName) => {
    const words = (query.get(name) ?? "").split(",");
    return choices[name].filter((word) => words.includes(word));
  };
  return {
    path: query.get("path") ?? "",
    text: query.get("text") ?? "",
    state: list("state"),
    reason: list("reason"),
    language: list("language"),
    start: list("start"),
  };
}

/** The query of the page's address. */
export const addressQuery = (filter: RunFilter): string => queryOf({ ...served(filter), text: filter.text.trim() });

/**
 * The query of GET /api/v1/runs/events: all but the text and the state, which the page looks for itself. A run changes its state, and the
 * server would not tell of one that has left the states that are asked for.
 */
export const apiQuery = (filter: RunFilter, limit: number): string => queryOf({ ...served(filter), state: "", limit: `${limit}` });

/** Whether a run is as the filter says, as far as the server is not asked for it. */
export const isShown = (run: Run, filter: RunFilter): boolean =>
  (filter.state.length === 0 || filter.state.includes(run.state)) && hasText(run, filter.text);

/** Whether a run has every word of the text. */
export function hasText(run: Run, text: string): boolean {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const within = [
    run.id,
    run.path,
    run.version,
    run.alias,
    run.key,
    run.via,
    run.language,
    run.start,
    run.state,
    run.reason,
    run.status,
    run.detail,
  ]
    .join(" ")
    .toLowerCase();
  return words.every((word) => within.includes(word));
}

/** The filter with a word of a list taken or given up. */
export function toggled(filter: RunFilter, name: ListName, word: string): RunFilter {
  const has = filter[name].includes(word);
  return { ...filter, [name]: choices[name].filter((one) => (one === word ? !has : filter[name].includes(one))) };
}

/** How many parts of the filter leave something out. */
export const partsOf = (filter: RunFilter): number =>
  listNames.filter((name) => filter[name].length > 0).length + (filter.path ? 1 : 0) + (filter.text.trim() ? 1 : 0);

const served = (filter: RunFilter) => ({
  path: filter.path.trim().replace(/(?<=.)\/$/, ""),
  ...Object.fromEntries(listNames.map((name) => [name, filter[name].join(",")])),
});

/** A query of the parts that are not empty. */
export function queryOf(parts: Record<string, string>): string {
  const query = new URLSearchParams(Object.entries(parts).filter(([, value]) => value !== ""));
  return query.size > 0 ? `?${query}` : "";
}
