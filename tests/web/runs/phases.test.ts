import assert from "node:assert/strict";
import { test } from "node:test";
import { phasesOf } from "../../../src/Faas.Web/src/runs/phases.ts";
import type { Run } from "../../../src/Faas.Web/src/runs/run.ts";

const run = (more: Partial<Run>): Run => ({
  id: "1~1",
  call: "1",
  via: "run",
  path: "a",
  language: "python",
  received: "2026-02-08T07:33:20.000Z",
  state: "ended",
  ...more,
});

test("the parts of a run's time add up to the whole", () => {
  const phases = phasesOf(run({ queued: "2026-02-08T07:33:20.100Z", waitSeconds: 0.2, runSeconds: 0.6, totalSeconds: 1 }));
  assert.deepEqual(
    phases.map(({ name, share }) => [name, Math.round(share * 100)]),
    [
      ["before", 10],
      ["wait", 20],
      ["run", 60],
      ["after", 10],
    ],
  );
});

test("a refused run has waited, and no more", () => {
  assert.deepEqual(
    phasesOf(run({ waitSeconds: 30, totalSeconds: 30 })).map(({ name }) => name),
    ["wait"],
  );
});

test("a run without times has no parts", () => {
  assert.deepEqual(phasesOf(run({})), []);
});

test("clocks that do not agree give no negative part", () => {
  const phases = phasesOf(run({ queued: "2026-02-08T07:33:25Z", waitSeconds: 0.1, runSeconds: 0.1, totalSeconds: 0.1 }));
  assert.deepEqual(
    phases.map(({ name, share }) => [name, share]),
    [
      ["wait", 0.5],
      ["run", 0.5],
    ],
  );
});
