/** One script's calls of the last minutes, as GET /api/v1/runs/activity tells them: an array has a number for each bucket, oldest first. */
export interface ScriptActivity {
  readonly path: string;
  readonly runs: number;
  readonly failed: number;
  readonly p50Seconds: number;
  readonly p95Seconds: number;
  readonly series: { readonly runs: number[]; readonly p50Seconds: number[]; readonly p95Seconds: number[] };
  readonly failures: readonly { readonly reason: string; readonly runs: number[] }[];
}

/** The answer of GET /api/v1/runs/activity. */
export interface Activity {
  readonly from: string;
  readonly bucketSeconds: number;
  readonly buckets: number;
  readonly scripts: readonly ScriptActivity[];
  /** Whether `limit` left out scripts. */
  readonly more?: boolean;
}

/** How often each reason ended a run, over time. */
export interface Outcomes {
  /** The second at which each bucket begins. */
  readonly starts: number[];
  /** `ok` first, then the others by how often they came. */
  readonly reasons: readonly { readonly reason: string; readonly total: number; readonly runs: number[] }[];
}

/** The outcomes of all scripts together. */
export function outcomesOf(activity: Activity): Outcomes {
  const from = Date.parse(activity.from) / 1000;
  const none = () => Array.from({ length: activity.buckets }, () => 0);
  const ok = none();
  const failed = new Map<string, number[]>();
  for (const script of activity.scripts) {
    add(ok, script.series.runs, 1);
    for (const { reason, runs } of script.failures) {
      const sums = failed.get(reason) ?? none();
      failed.set(reason, add(sums, runs, 1));
      add(ok, runs, -1);
    }
  }

  const shown = [...failed]
    .map(([reason, runs]) => ({ reason, runs, total: sum(runs) }))
    .filter(({ total }) => total > 0)
    .sort((one, other) => other.total - one.total || one.reason.localeCompare(other.reason));
  return {
    starts: ok.map((_, index) => from + index * activity.bucketSeconds),
    reasons: [{ reason: "ok", runs: ok.map((runs) => Math.max(0, runs)), total: Math.max(0, sum(ok)) }, ...shown],
  };
}

/** The latency of buckets that had runs; of the others nothing is known. */
export const knownLatency = (seconds: readonly number[], runs: readonly number[]): (number | null)[] =>
  seconds.map((value, index) => ((runs[index] ?? 0) > 0 ? value : null));

function add(sums: number[], more: readonly number[], sign: 1 | -1): number[] {
  for (let index = 0; index < sums.length; index++) sums[index] = sums[index]! + sign * (more[index] ?? 0);
  return sums;
}

const sum = (of: readonly number[]) => of.reduce((total, value) => total + value, 0);
