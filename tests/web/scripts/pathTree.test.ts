import assert from "node:assert/strict";
import { test } from "node:test";
import { foldersAbove, matching, parentOf, rows, tree, type ScriptLine } from "../../../src/Faas.Web/src/scripts/pathTree.ts";

const script = (path: string): ScriptLine => ({ path, language: "python", version: 1, uploaded: "2026-02-08T07:33:20Z", versions: 1 });
const scripts = ["hello", "math", "math/add", "math/deep/sum", "math/sub"].map(script);
const shown = (open: string[]) => rows(tree(scripts), (id) => open.includes(id)).map((row) => `${" ".repeat(row.level - 1)}${row.id}`);

test("closed folders show nothing of what is in them", () => {
  assert.deepEqual(shown([]), ["math/", "hello", "math"]);
});

test("an open folder shows its folders, then its scripts", () => {
  assert.deepEqual(shown(["math/", "math/deep/"]), ["math/", " math/deep/", "  math/deep/sum", " math/add", " math/sub", "hello", "math"]);
});

test("a row says where it stands among its neighbours, and a folder how many scripts it has", () => {
  const all = rows(tree(scripts), () => true);
  const [math, deep, sum] = all;
  assert.deepEqual([math?.position, math?.siblings, math?.total, math?.open], [1, 3, 3, true]);
  assert.deepEqual([deep?.level, deep?.position, deep?.siblings], [2, 1, 3]);
  assert.deepEqual([sum?.name, sum?.script?.path], ["sum", "math/deep/sum"]);
});

test("a filter has words that must all be in the path", () => {
  assert.deepEqual(
    matching(scripts, "MATH s").map((one) => one.path),
    ["math/deep/sum", "math/sub"],
  );
  assert.equal(matching(scripts, "  "), scripts);
  assert.deepEqual(matching(scripts, "nothing"), []);
});

test("the folders above a script lead to it", () => {
  assert.deepEqual(foldersAbove("a/b/c"), ["a/", "a/b/"]);
  assert.deepEqual(foldersAbove("a"), []);
});

test("a row knows the row of its folder", () => {
  const all = rows(tree(scripts), () => true);
  assert.equal(parentOf(all, 2), 1);
  assert.equal(parentOf(all, 3), 0);
  assert.equal(parentOf(all, 0), -1);
});

test("ten thousand scripts in one folder are ten thousand rows, and closed they are one", () => {
  const many = tree(Array.from({ length: 10_000 }, (_, index) => script(`bulk/s${index}`)));
  assert.equal(rows(many, () => true).length, 10_001);
  assert.equal(rows(many, () => false).length, 1);
});
