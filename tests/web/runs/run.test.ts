import assert from "node:assert/strict";
import { test } from "node:test";
import { isSettled, type RunDetail } from "../../../src/Faas.Web/src/runs/run.ts";

const run = (more: Partial<RunDetail>): RunDetail => ({
  id: "1~1",
  call: "1",
  via: "run",
  path: "a",
  language: "python",
  received: "2026-02-08T07:33:20.000Z",
  state: "ended",
  log: [],
  ...more,
});

test("A run that has ended is read until its cost is known, or once more where it has none", () => {
  assert.equal(isSettled(run({ state: "running" }), undefined), false);
  assert.equal(isSettled(run({ state: "running", cpuSeconds: 1 }), run({ state: "running" })), false);
  assert.equal(isSettled(run({ cpuSeconds: 0 }), undefined), true);
  assert.equal(isSettled(run({ reason: "queue_full" }), undefined), false);
  assert.equal(isSettled(run({ reason: "queue_full" }), run({ state: "waiting" })), false);
  assert.equal(isSettled(run({ reason: "queue_full" }), run({ reason: "queue_full" })), true);
});
