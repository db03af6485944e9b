// What GET /api/v1/pool/events sends (docs/operations.md, "What the pool does now").

/** What the pool has a sandbox for. */
export type SandboxState = "starting" | "spare" | "busy" | "idle" | "closing";

/** One sandbox. `path` and `version` are the script whose run it got last. */
export interface Sandbox {
  name: string;
  image: string;
  state: SandboxState;
  since: string;
  memoryBytes: number;
  uses: number;
  path?: string;
  version?: number;
  runs: number;
}

/** One run that waits or is executed; without `sandbox` it waits. */
export interface PoolRun {
  id: string;
  path: string;
  version?: number;
  mode: "execute" | "check";
  since: string;
  sandbox?: string;
}

/** The pool in numbers. */
export interface Counts {
  starting: number;
  spare: number;
  idle: number;
  busy: number;
  waiting: number;
  heldBytes: number;
  memoryBytes: number;
}

/** One event. */
export type PoolEvent =
  | { event: "pool"; pool: { counts: Counts; sandboxes: Sandbox[]; runs: PoolRun[] } }
  | { event: "sandbox"; sandbox: Sandbox }
  | { event: "sandbox_gone"; name: string }
  | { event: "run"; run: PoolRun }
  | { event: "run_gone"; name: string }
  | { event: "counts"; counts: Counts };
