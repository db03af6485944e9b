/** One run as GET /api/v1/runs lists it. Members may come; a word of `state` but `ended` is a run under way. */
export interface Run {
  readonly id: string;
  readonly call: string;
  readonly via: string;
  readonly path: string;
  readonly version?: number;
  readonly alias?: string;
  readonly language: string;
  readonly isolation?: string;
  readonly stream?: boolean;
  readonly key?: string;
  readonly state: string;
  readonly start?: string;
  readonly reason?: string;
  readonly status?: number;
  readonly detail?: string;
  readonly received: string;
  readonly queued?: string;
  readonly started?: string;
  readonly ended?: string;
  readonly waitSeconds?: number;
  readonly runSeconds?: number;
  readonly totalSeconds?: number;
  readonly cpuSeconds?: number;
  readonly memoryBytes?: number;
  readonly inputBytes?: number;
  readonly resultBytes?: number;
  readonly logBytes?: number;
  /** Of a kept run: it has failed, no caller has waited for it, and no run has taken its place. */
  readonly dead?: boolean;
}

/** One line that a run has printed. */
export interface LogLine {
  readonly stream: "stdout" | "stderr";
  readonly text: string;
}

/** The answer of GET /api/v1/runs/{id}. */
export interface RunDetail extends Run {
  readonly error?: {
    readonly name?: string;
    readonly message?: string;
    readonly stack?: string;
    readonly line?: number;
    readonly column?: number;
  };
  readonly exitCode?: number;
  readonly signal?: string;
  readonly log: readonly LogLine[];
  readonly logCut?: boolean;
}

/** How many ended runs the server keeps, and for how long. */
export interface Kept {
  readonly runs: number;
  readonly ageSeconds: number;
}

/** One message of GET /api/v1/runs/events. */
export type RunEvent =
  | { readonly event: "runs"; readonly runs: readonly Run[]; readonly kept: Kept; readonly skipped?: boolean }
  | { readonly event: "run"; readonly run: Run };

/** Whether a run has not ended. */
export const isUnderWay = (run: Run): boolean => run.state !== "ended";

/**
 * Whether what was read of a run stays as it is: it has ended, and its cost is known, which comes last. A run that was never executed has
 * no cost; of that one the second reading is the last.
 */
export const isSettled = (run: RunDetail, before: RunDetail | undefined): boolean =>
  !isUnderWay(run) && (run.cpuSeconds !== undefined || (before !== undefined && !isUnderWay(before)));

/** What a person reads as the end of a run, or as what it does. */
export const outcomeOf = (run: Run): string => (isUnderWay(run) ? run.state : (run.reason ?? "ended"));

/** How a run ended, for its sign: its own failure (`bad`), a limit or a refusal (`warn`), or neither. */
export function toneOf(run: Run): "busy" | "good" | "warn" | "bad" {
  if (isUnderWay(run)) return "busy";
  switch (run.reason) {
    case "ok":
      return "good";
    case "cancelled":
    case "queue_full":
    case "queue_timeout":
    case "draining":
    case "timeout":
    case "output_limit":
      return "warn";
    default:
      return "bad";
  }
}
