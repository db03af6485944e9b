import type { SandboxState } from "./protocol.ts";

/** A state of a sandbox as the page shows it: a letter and a form of the cell beside the colour. */
export interface StateLook {
  readonly state: SandboxState;
  readonly letter: string;
  readonly means: string;
}

/** The states, in the order of a sandbox's life. */
export const states: readonly StateLook[] = [
  { state: "starting", letter: "S", means: "its runtime is not ready yet" },
  { state: "spare", letter: "P", means: "ready, bound to no script" },
  { state: "busy", letter: "B", means: "executing a run" },
  { state: "idle", letter: "I", means: "bound to a script, without a run" },
  { state: "closing", letter: "C", means: "told to end" },
];

/** The letter of a state; of a word that a newer server has, a question mark. */
export const letterOf = (state: string): string => states.find((look) => look.state === state)?.letter ?? "?";
