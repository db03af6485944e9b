import assert from "node:assert/strict";
import { test } from "node:test";
import type { Script, Version } from "../../../src/Faas.Web/src/scripts/script.ts";
import { choicesOf } from "../../../src/Faas.Web/src/scripts/versionChoices.ts";

const version = (number: number): Version => ({
  version: number, language: "python", hash: "", bytes: 1, uploaded: new Date(number * 1000).toISOString(), settings: {},
});
const versions = [1_739_000_600, 1_739_000_000, 1_700_000_000].map(version);
const script: Script = {
  path: "a", latest: versions[0]!, versions: 3, created: "", enabled: true,
  aliases: [{ name: "stable", split: [{ version: 1_739_000_000, weight: 90 }, { version: 1_700_000_000, weight: 10 }] }],
};
const found = (typed: string) => choicesOf(script, versions, typed).map((choice) => choice.version);
const all = versions.map((one) => one.version);

test("Before anything is typed, and while a version is chosen, all are there with their names, newest first", () => {
  assert.deepEqual(found(""), all);
  assert.deepEqual(found("1700000000"), all);
  assert.deepEqual(choicesOf(script, versions.toReversed(), "").map(({ names }) => names), [["latest"], ["stable"], ["stable"]]);
});

test("A part of the number, a day or an alias finds versions", () => {
  assert.deepEqual(found("17390"), all.slice(0, 2));
  assert.deepEqual(found("2023-11"), [1_700_000_000]);
  assert.deepEqual(found("STABLE 2025"), [1_739_000_000]);
  assert.deepEqual(found("latest"), [1_739_000_600]);
  assert.deepEqual(found("no such"), []);
});
