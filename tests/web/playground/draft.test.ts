import assert from "node:assert/strict";
import { test } from "node:test";
import { firstDraft, readDraft, withCode } from "../../../src/Faas.Web/src/playground/draft.ts";
import { examples } from "../../../src/Faas.Web/src/playground/examples.ts";
import { inputError } from "../../../src/Faas.Web/src/playground/input.ts";

test("A draft survives being kept", () => {
  const draft = withCode({ ...firstDraft, timeout: "5" }, "python", "return 2", "[1]");
  assert.deepEqual(readDraft(JSON.stringify(draft)), draft);
  assert.deepEqual([draft.language, draft.code.python, draft.code.javascript], ["python", "return 2", firstDraft.code.javascript]);
});

test("What was kept by another version, or is damaged, is as at first", () => {
  for (const text of [null, "", "{", "null", "3", '"x"', '{"language":"ruby","code":[],"input":5}', '{"code":{"python":7}}']) {
    assert.deepEqual(readDraft(text), firstDraft, String(text));
  }
});

test("Every example has input that is JSON, and a title of its own", () => {
  for (const { title, input } of examples) assert.equal(inputError(input), null, title);
  assert.equal(new Set(examples.map((example) => example.title)).size, examples.length);
});

test("An empty input is good, and one that is not JSON says why", () => {
  assert.equal(inputError(" \n"), null);
  assert.match(inputError('{"a": }')!, /^The input is not valid JSON: /);
});
