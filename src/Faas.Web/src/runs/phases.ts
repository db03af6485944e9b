import type { Run } from "./run.ts";

/** A part of a run's time, as a share of the whole. */
export interface Phase {
  readonly name: "before" | "wait" | "run" | "after";
  readonly seconds: number;
  readonly share: number;
}

/** The parts of a run's time: before it queued, its wait for a sandbox, the run, and what came after it until the server was done. */
export function phasesOf(run: Run): Phase[] {
  const [wait, runs] = [run.waitSeconds ?? 0, run.runSeconds ?? 0];
  const total = Math.max(run.totalSeconds ?? 0, wait + runs);
  const before = run.queued === undefined ? 0 : Math.max(0, (Date.parse(run.queued) - Date.parse(run.received)) / 1000);
  const left = Math.max(0, total - wait - runs);
  const first = Math.min(before, left);
  const parts = [
    ["before", first],
    ["wait", wait],
    ["run", runs],
    ["after", left - first],
  ] as const;
  return parts.filter(([, seconds]) => seconds > 0).map(([name, seconds]) => ({ name, seconds, share: seconds / total }));
}
