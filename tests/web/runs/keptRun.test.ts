import assert from "node:assert/strict";
import { test } from "node:test";
import { addressOfRun, furtherMembers, hasBegun, isKeptId, recordOf, selectedIn } from "../../../src/Faas.Web/src/runs/keptRun.ts";

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
    '{"id":"a~k1","state":"ended","log":[],"parent":"b~k2","quota":{"left":5},"tenant":null,"weight":3}',
  );
  assert.deepEqual(furtherMembers(json), [
    { name: "parent", text: "b~k2" },
    { name: "quota", text: '{"left":5}' },
    { name: "weight", text: "3" },
  ]);
});

test("The members of attempts, chains, batches and callbacks have a place of their own", () => {
  const { json } = recordOf(
    `{"id":"a~k1","state":"queued","log":[],"attempt":1,"failure":{"reason":"oom","at":"2026-02-08T07:33:20Z"},
      "retryAt":"2026-02-08T07:33:25Z","batch":"b1","index":3,"then":{"success":{"path":"a"}},"next":"b~k2",
      "nextRefused":"It is disabled.","previous":"c~k3","depth":2,
      "callback":{"url":"https://a.example/done","state":"pending","attempts":0}}`,
  );
  assert.deepEqual(furtherMembers(json), []);
});

test("A run has begun once it was started, also while it waits for another attempt", () => {
  const run = (members: string) => recordOf(`{"id":"a~k1","log":[],${members}}`).run;
  assert.equal(hasBegun(run('"state":"queued"')), false);
  assert.equal(hasBegun(run('"state":"queued","attempt":0')), false);
  assert.equal(hasBegun(run('"state":"queued","attempt":1')), true);
  assert.equal(hasBegun(run('"state":"running","attempt":1')), true);
});
