import assert from "node:assert/strict";
import { test } from "node:test";
import { sparkArea, sparkline } from "../../../src/Faas.Web/src/charts/sparkline.ts";

test("a line reaches from side to side, and the highest number to the top", () => {
  assert.equal(sparkline([0, 5, 10], 20, 10), "M0 10L10 5L20 0");
});

test("zeros are a line at the bottom", () => {
  assert.equal(sparkline([0, 0], 20, 10), "M0 10L20 10");
});

test("what is not known is a gap, and a number alone is a dash", () => {
  assert.equal(sparkline([4, 4, null, 2, null], 20, 10), "M0 0L5 0M12 5L18 5");
  assert.equal(sparkline([null, null], 20, 10), "");
  assert.equal(sparkline([3], 20, 10), "M0 0L3 0");
});

test("two lines can share a scale", () => {
  assert.equal(sparkline([5, 20], 20, 10, 10), "M0 5L20 0");
});

test("an area is closed along the bottom", () => {
  assert.equal(sparkArea([1, 1], 20, 10), "M0 0L20 0L20 10L0 10Z");
  assert.equal(sparkArea([], 20, 10), "");
});
