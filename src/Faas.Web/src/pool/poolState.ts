// The pool as its events tell it. Theory of operation: the first event of a connection has everything, each later one replaces one thing.
// After a reconnect the first event comes again, so nothing of the old connection has to be trusted.

import type { Counts, PoolEvent, PoolRun, Sandbox } from "./protocol.ts";
import { assign, type Slots } from "./slots.ts";

export interface PoolState {
  readonly counts: Counts;
  readonly sandboxes: ReadonlyMap<string, Sandbox>;
  readonly runs: ReadonlyMap<string, PoolRun>;
  /** Which place of the grid each sandbox has. */
  readonly slots: Slots;
}

export const EMPTY: PoolState = {
  counts: { starting: 0, spare: 0, idle: 0, busy: 0, waiting: 0, heldBytes: 0, memoryBytes: 0 },
  sandboxes: new Map(),
  runs: new Map(),
  slots: [],
};

/** The pool after some events. An event of a kind that this page does not know changes nothing. */
export function apply(state: PoolState, events: readonly PoolEvent[]): PoolState {
  let counts = state.counts;
  let sandboxes = new Map(state.sandboxes);
  let runs = new Map(state.runs);
  for (const next of events) {
    switch (next.event) {
      case "pool":
        counts = next.pool.counts;
        sandboxes = new Map(next.pool.sandboxes.map((sandbox) => [sandbox.name, sandbox]));
        runs = new Map(next.pool.runs.map((run) => [run.id, run]));
        break;
      case "sandbox":
        sandboxes.set(next.sandbox.name, next.sandbox);
        break;
      case "sandbox_gone":
        sandboxes.delete(next.name);
        break;
      case "run":
        runs.set(next.run.id, next.run);
        break;
      case "run_gone":
        runs.delete(next.name);
        break;
      case "counts":
        counts = next.counts;
        break;
    }
  }

  return { counts, sandboxes, runs, slots: assign(state.slots, sandboxes.keys()) };
}
