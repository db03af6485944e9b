import type { Kept, Run, RunEvent } from "./run.ts";
import { isUnderWay } from "./run.ts";

/** The runs that the view knows. */
export interface RunList {
  /** The newest first. */
  readonly runs: readonly Run[];
  readonly kept: Kept;
  /** Whether there are runs that the server did not tell, because more ended at once than it could. */
  readonly isSkipped: boolean;
  /** Whether a snapshot has come. */
  readonly isKnown: boolean;
}

export const noRuns: RunList = { runs: [], kept: { runs: 0, ageSeconds: 0 }, isSkipped: false, isKnown: false };

/**
 * The list after some messages, at a time in milliseconds. Theory of operation: a snapshot replaces everything; a run replaces the one of
 * its id, or is put where its time of receipt belongs. The server does not say which runs it forgets, so the list forgets by the same rule.
 */
export function withEvents(list: RunList, events: readonly RunEvent[], now: number): RunList {
  let { kept, isSkipped, isKnown } = list;
  const byId = new Map(list.runs.map((run) => [run.id, run]));
  for (const next of events) {
    if (next.event === "runs") {
      byId.clear();
      for (const run of next.runs) byId.set(run.id, run);
      kept = next.kept;
      isSkipped = next.skipped ?? false;
      isKnown = true;
    } else if (next.event === "run") {
      byId.set(next.run.id, next.run);
    }
  }

  const runs = [...byId.values()].sort((one, other) => compare(other.received, one.received) || compare(other.id, one.id));
  return { runs: notForgotten(runs, kept, now), kept, isSkipped, isKnown };
}

/** Without the runs that the server keeps no longer. */
export function notForgotten(runs: readonly Run[], kept: Kept, now: number): readonly Run[] {
  let ended = 0;
  return runs.filter((run) => {
    if (isUnderWay(run)) return true;
    return ++ended <= kept.runs && now - Date.parse(run.ended ?? run.received) <= kept.ageSeconds * 1000;
  });
}

// Times in UTC of one form: their texts sort as they do. Digits of the second's fraction may differ in number, which the Z would spoil.
const compare = (one: string, other: string) => {
  const [a, b] = [one.replace("Z", ""), other.replace("Z", "")];
  return a < b ? -1 : a > b ? 1 : 0;
};
