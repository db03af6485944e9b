import { choices, queryOf } from "./runFilter.ts";

/** Which kept runs the view shows. Of the lists an empty one means everything. */
export interface KeptFilter {
  /** A script and what is under it. */
  readonly path: string;
  /** The name of a caller's key. */
  readonly key: string;
  /** The name of the schedule that has started them. */
  readonly schedule: string;
  readonly state: readonly string[];
  readonly reason: readonly string[];
  readonly via: readonly string[];
  /** Dead letters alone. */
  readonly dead: boolean;
}

/** The lists of the filter, with what they may hold. */
export const keptChoices = {
  state: ["queued", "running", "ended"],
  reason: [...choices.reason, "not_found", "disabled"],
  via: ["run", "tool", "schedule"], // calls of /run-now and /http leave no kept run
} as const;

export type KeptListName = keyof typeof keptChoices;

const listNames = Object.keys(keptChoices) as KeptListName[];

export const everyKept: KeptFilter = { path: "", key: "", schedule: "", state: [], reason: [], via: [], dead: false };

/** Whether an address is that of the list of kept runs. */
export const isKeptList = (search: string): boolean => new URLSearchParams(search).get("kept") === "true";

/** The filter of an address, `?kept=true&path=math&dead=true`. What it may not hold is left out. */
export function keptFilterOf(search: string): KeptFilter {
  const query = new URLSearchParams(search);
  const list = (name: KeptListName) => {
    const words = (query.get(name) ?? "").split(",");
    return keptChoices[name].filter((word) => words.includes(word));
  };
  return {
    path: query.get("path") ?? "",
    key: query.get("key") ?? "",
    schedule: query.get("schedule") ?? "",
    state: list("state"),
    reason: list("reason"),
    via: list("via"),
    dead: query.get("dead") === "true",
  };
}

/** The page's address of the list, with the run that is shown beside it. */
export const keptAddress = (filter: KeptFilter, selected?: string): string =>
  `/runs${selected === undefined ? "" : `/${encodeURIComponent(selected)}`}${keptQuery(filter)}`;

/** The query of GET /api/v1/runs for the kept runs; the page's address has the same. */
export const keptQuery = (filter: KeptFilter): string => queryOf({ kept: "true", ...dead(filter), ...served(filter) });

/** The query of POST /api/v1/runs/redrive for the dead letters that the filter means; `to` empty: each its own version. */
export const redriveQuery = (filter: KeptFilter, to: string, limit: number): string =>
  queryOf({ ...served(filter), to, limit: `${limit}` });

/** The filter with a word of a list taken or given up. */
export function toggledKept(filter: KeptFilter, name: KeptListName, word: string): KeptFilter {
  const has = filter[name].includes(word);
  return { ...filter, [name]: keptChoices[name].filter((one) => (one === word ? !has : filter[name].includes(one))) };
}

/** How many parts of the filter leave something out. */
export const keptPartsOf = (filter: KeptFilter): number =>
  listNames.filter((name) => filter[name].length > 0).length
  + [filter.path.trim() !== "", filter.key.trim() !== "", filter.schedule.trim() !== "", filter.dead].filter(Boolean).length;

const dead = (filter: KeptFilter) => ({ dead: filter.dead ? "true" : "" });

const served = (filter: KeptFilter) => ({
  path: filter.path.trim().replace(/(?<=.)\/$/, ""),
  key: filter.key.trim(),
  schedule: filter.schedule.trim(),
  ...Object.fromEntries(listNames.map((name) => [name, filter[name].join(",")])),
});
