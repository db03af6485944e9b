import assert from "node:assert/strict";
import { test } from "node:test";
import { levels, rows, sample } from "../../../src/Faas.Web/src/charts/levels.ts";

test("a level holds until the next sample, and a slice shows its peak", () => {
  let all = levels(5, 4);
  all = sample(all, 101, [1, 0]);
  all = sample(all, 102, [7, 3]);
  all = sample(all, 103, [2, 0]);
  all = sample(all, 112, [4, 1]);

  assert.deepEqual(rows(all, 116, 2), [
    [7, 2, 4, 4],
    [3, 0, 1, 1],
  ]);
});

test("before the first sample nothing is known", () => {
  assert.deepEqual(rows(sample(levels(5, 3), 107, [1]), 112, 1), [[null, 1, 1]]);
  assert.deepEqual(rows(levels(5, 2), 112, 1), [[null, null]]);
});

test("the level from before the first slice holds on, and nothing older is kept", () => {
  let all = sample(levels(5, 2), 90, [1]);
  all = sample(all, 100, [6]);
  all = sample(all, 110, [8]);

  assert.deepEqual(rows(all, 112, 1), [[6, 8]]);
  assert.equal(all.slices.size, 2);
});
