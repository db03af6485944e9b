// The queue as a person asks about it: which scripts wait, how many runs of each, and for how long the first of them has waited.

import type { PoolRun } from "./protocol.ts";

export interface Lane {
  readonly path: string;
  readonly runs: number;
  /** When the run that waits longest began to wait, in milliseconds of the server's clock. */
  readonly since: number;
}

/** The lanes, the one that waits longest first. */
export function lanes(runs: Iterable<PoolRun>): Lane[] {
  const byPath = new Map<string, { path: string; runs: number; since: number }>();
  for (const run of runs) {
    if (run.sandbox !== undefined) {
      continue;
    }

    const since = Date.parse(run.since);
    const lane = byPath.get(run.path);
    if (lane) {
      lane.runs++;
      lane.since = Math.min(lane.since, since);
    } else {
      byPath.set(run.path, { path: run.path, runs: 1, since });
    }
  }

  return [...byPath.values()].sort((one, other) => one.since - other.since || one.path.localeCompare(other.path));
}

/** The runs that are executed, the one that runs longest first. */
export function running(runs: Iterable<PoolRun>): PoolRun[] {
  return [...runs]
    .filter((run) => run.sandbox !== undefined)
    .sort((one, other) => Date.parse(one.since) - Date.parse(other.since) || one.id.localeCompare(other.id));
}
