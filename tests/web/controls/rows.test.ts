import assert from "node:assert/strict";
import { test } from "node:test";
import { shownRows } from "../../../src/Faas.Web/src/controls/shownRows.ts";
import { stepOf } from "../../../src/Faas.Web/src/controls/steps.ts";

test("As many rows are drawn of a long list as fit, and some beyond each edge", () => {
  assert.deepEqual(shownRows(0, 200, 20, 100_000), { first: 0, last: 22 });
  assert.deepEqual(shownRows(1_000_000, 200, 20, 100_000), { first: 49_988, last: 50_022 });
  assert.deepEqual(shownRows(1_999_800, 200, 20, 100_000), { first: 99_978, last: 100_000 });
});

test("A list that became shorter than where it was scrolled to is drawn from where it ends", () => {
  assert.deepEqual(shownRows(10_000, 200, 20, 3), { first: 0, last: 3 });
  assert.deepEqual(shownRows(0, 0, 20, 0), { first: 0, last: 0 });
});

test("Arrow keys go around, Home and End to the ends, and other keys nowhere", () => {
  assert.deepEqual(["ArrowRight", "ArrowLeft", "Home", "End", "a"].map((key) => stepOf(key, 2, 3)), [0, 1, 0, 2, null]);
  assert.equal(stepOf("ArrowLeft", 0, 3), 2);
  assert.equal(stepOf("End", 0, 0), null);
});
