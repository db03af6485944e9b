import assert from "node:assert/strict";
import { test } from "node:test";
import { waitBefore } from "../../../src/Faas.Web/src/api/backoff.ts";

test("Waits double up to the most, and chance takes up to half of each", () => {
  assert.deepEqual([0, 1, 2, 3].map((tries) => waitBefore(tries, 1)), [500, 1000, 2000, 4000]);
  assert.deepEqual([0, 1, 2, 3].map((tries) => waitBefore(tries, 0)), [250, 500, 1000, 2000]);
  assert.equal(waitBefore(1000, 1), 15_000);
  assert.equal(waitBefore(1000, 0), 7500);
});
