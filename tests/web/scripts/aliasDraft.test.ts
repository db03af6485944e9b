import assert from "node:assert/strict";
import { test } from "node:test";
import { bodyOf, draftOf, errorsOf } from "../../../src/Faas.Web/src/scripts/aliasDraft.ts";
import { aliasesOf, targetText, type Alias } from "../../../src/Faas.Web/src/scripts/script.ts";

const split: Alias = {
  name: "stable",
  split: [
    { version: 5, weight: 90 },
    { version: 7, weight: 10 },
  ],
  sticky: "X-User",
};

test("a draft that is not touched names what the alias names", () => {
  assert.deepEqual(bodyOf(draftOf(split, 9)), { split: split.split, sticky: "X-User" });
  assert.deepEqual(bodyOf(draftOf({ name: "a", version: 5 }, 9)), { version: 5 });
  assert.deepEqual(bodyOf(draftOf(undefined, 9)), { version: 9 });
});

test("a split that begins offers the latest version", () => {
  const draft = { ...draftOf({ name: "a", version: 5 }, 9), splits: true };
  assert.deepEqual(bodyOf(draft), {
    split: [
      { version: 5, weight: 90 },
      { version: 9, weight: 10 },
    ],
  });
  assert.deepEqual(errorsOf(draft), {});
});

test("what the server would refuse is said of its field", () => {
  const draft = draftOf(split, 9);
  assert.deepEqual(Object.keys(errorsOf({ ...draft, name: "latest" })), ["name"]);
  assert.deepEqual(Object.keys(errorsOf({ ...draft, name: "123" })), ["name"]);
  assert.deepEqual(Object.keys(errorsOf({ ...draft, version: "1.5", weight: "101" })), ["version", "weight"]);
  assert.deepEqual(errorsOf({ ...draft, other: "5" }), { other: "Name two different versions." });
  assert.deepEqual(Object.keys(errorsOf({ ...draft, sticky: "X User" })), ["sticky"]);
});

test("fields of a split do not matter without one", () => {
  assert.deepEqual(errorsOf({ ...draftOf(split, 9), splits: false, other: "", weight: "x", sticky: " " }), {});
});

test("an alias in words, and the aliases of a version", () => {
  assert.equal(targetText(split), "90 % 5, 10 % 7, by X-User");
  assert.equal(targetText({ version: 5 }), "5");
  assert.deepEqual(aliasesOf(7, [split, { name: "b", version: 7 }, { name: "c", version: 5 }]), ["stable", "b"]);
});
