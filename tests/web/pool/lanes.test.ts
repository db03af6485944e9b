import assert from "node:assert/strict";
import { test } from "node:test";
import { lanes, running } from "../../../src/Faas.Web/src/pool/lanes.ts";
import type { PoolRun } from "../../../src/Faas.Web/src/pool/protocol.ts";

const run = (id: string, path: string, second: number, sandbox?: string): PoolRun => ({
  id,
  path,
  mode: "execute",
  since: new Date(second * 1000).toISOString(),
  ...(sandbox && { sandbox }),
});

test("waiting runs of one script are one lane, and the lane that waits longest is first", () => {
  assert.deepEqual(lanes([run("1", "b", 5), run("2", "a", 7), run("3", "a", 4), run("4", "c", 1, "node-1")]), [
    { path: "a", runs: 2, since: 4000 },
    { path: "b", runs: 1, since: 5000 },
  ]);
});

test("runs in sandboxes are not in the queue", () => {
  assert.deepEqual(
    running([run("1", "b", 5, "node-1"), run("2", "a", 7), run("3", "a", 4, "node-2")]).map((one) => one.id),
    ["3", "1"],
  );
});
