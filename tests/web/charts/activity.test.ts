import assert from "node:assert/strict";
import { test } from "node:test";
import { knownLatency, outcomesOf, type Activity, type ScriptActivity } from "../../../src/Faas.Web/src/charts/activity.ts";

const script = (path: string, runs: number[], failures: ScriptActivity["failures"] = []): ScriptActivity => ({
  path,
  runs: 0,
  failed: 0,
  p50Seconds: 0,
  p95Seconds: 0,
  series: { runs, p50Seconds: [], p95Seconds: [] },
  failures,
});
const activity = (...scripts: ScriptActivity[]): Activity => ({ from: "2026-02-08T06:34:00Z", bucketSeconds: 60, buckets: 3, scripts });

test("what did not fail is ok, and reasons are summed over the scripts", () => {
  const { starts, reasons } = outcomesOf(
    activity(
      script(
        "a",
        [5, 0, 4],
        [
          { reason: "oom", runs: [1, 0, 0] },
          { reason: "error", runs: [0, 0, 3] },
        ],
      ),
      script("b", [2, 1, 0], [{ reason: "error", runs: [2, 0, 0] }]),
    ),
  );

  assert.equal(starts[1]! - starts[0]!, 60);
  assert.deepEqual(reasons, [
    { reason: "ok", runs: [4, 1, 1], total: 6 },
    { reason: "error", runs: [2, 0, 3], total: 5 },
    { reason: "oom", runs: [1, 0, 0], total: 1 },
  ]);
});

test("a server without calls has a row of zeros", () => {
  assert.deepEqual(outcomesOf(activity()).reasons, [{ reason: "ok", runs: [0, 0, 0], total: 0 }]);
});

test("a minute without runs has no latency", () => {
  assert.deepEqual(knownLatency([0.5, 0, 0], [3, 0, 1]), [0.5, null, 0]);
});
