import assert from "node:assert/strict";
import { test } from "node:test";
import { addressOfRun, furtherMembers, isKeptId, recordOf, selectedIn } from "../../../src/Faas.Web/src/runs/keptRun.ts";

test("The address of a kept run leads to it in the list of kept runs", () => {
  const id = "a/b~k5f3a9c2e4b1d7a60";
  assert.equal(addressOfRun(id), "/runs/a%2Fb~k5f3a9c2e4b1d7a60?kept=true");
  assert.equal(selectedIn("a%2Fb~k5f3a9c2e4b1d7a60"), id);
  assert.equal(selectedIn(""), undefined);
  assert.equal(selectedIn("50%"), "50%");
  assert.deepEqual([isKeptId(id), isKeptId("0194e4e8c1~7")], [true, false]);
});

test("Input and value keep the digits of their numbers", () => {
  const { run, json } = recordOf('{"id":"a~k1","input":{"n":12345678901234567890},"result":1e400}');
  assert.equal(run.id, "a~k1");
  assert.equal(json.find("input")!.text, '{"n":12345678901234567890}');
  assert.equal(json.find("result")!.text, "1e400");
});

test("Members that the page has no place for are told by their names, and those that it has are not", () => {
  const { json } = recordOf(
    '{"id":"a~k1","state":"ended","log":[],"previous":"b~k2","failure":{"reason":"oom"},"batch":null,"index":3}',
  );
  assert.deepEqual(furtherMembers(json), [
    { name: "previous", text: "b~k2" },
    { name: "failure", text: '{"reason":"oom"}' },
    { name: "index", text: "3" },
  ]);
});
