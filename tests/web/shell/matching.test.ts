import assert from "node:assert/strict";
import { test } from "node:test";
import { matching } from "../../../src/Faas.Web/src/shell/matching.ts";

const titles = ["Go to Playground", "Run the code", "Stop the run", "Example: Count words", "Prune"];
const found = (typed: string) => matching(titles, typed, (title) => title);

test("What is not typed yet leaves everything, in its order", () => assert.deepEqual(found(" "), titles));

test("Every word must occur, and begins of words come first", () => {
  assert.deepEqual(found("run"), ["Run the code", "Stop the run", "Prune"]);
  assert.deepEqual(found("code RUN"), ["Run the code"]);
  assert.deepEqual(found("code (("), []);
  assert.deepEqual(found("nothing"), []);
});
