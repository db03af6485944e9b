import assert from "node:assert/strict";
import { test } from "node:test";
import { move } from "../../../src/Faas.Web/src/pool/gridMoves.ts";

// Three columns:  0 1 2 / 3 . 5 / 6
const taken = [true, true, true, true, false, true, true];

test("arrows lead to the next place that is taken", () => {
  assert.equal(move("ArrowRight", 3, 3, taken), 5);
  assert.equal(move("ArrowLeft", 5, 3, taken), 3);
  assert.equal(move("ArrowDown", 0, 3, taken), 3);
  assert.equal(move("ArrowUp", 6, 3, taken), 3);
});

test("an arrow past the last row or the first one takes the next place of the order", () => {
  assert.equal(move("ArrowDown", 5, 3, taken), 6);
  assert.equal(move("ArrowUp", 1, 3, taken), 0);
});

test("Home and End lead to the ends", () => {
  assert.equal(move("Home", 5, 3, taken), 0);
  assert.equal(move("End", 0, 3, [...taken, false]), 6);
});

test("at an end, and for other keys, nothing happens", () => {
  assert.equal(move("ArrowRight", 6, 3, taken), null);
  assert.equal(move("ArrowUp", 0, 3, taken), null);
  assert.equal(move("a", 0, 3, taken), null);
  assert.equal(move("Home", 0, 3, []), null);
});
