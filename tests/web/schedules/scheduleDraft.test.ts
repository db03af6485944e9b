import assert from "node:assert/strict";
import { test } from "node:test";
import { stateOf } from "../../../src/Faas.Web/src/schedules/schedule.ts";
import { bodyOf, draftOf, errorsOf } from "../../../src/Faas.Web/src/schedules/scheduleDraft.ts";

const state = stateOf(
  '{"name":"report","path":"jobs/report","cron":"@daily","timeZone":"Europe/Berlin","version":"stable","priority":7,"enabled":false,'
  + '"overlap":"queue","missed":"once","counts":{},"input":{"n":12345678901234567890},"then":"jobs/next"}',
  '"7"',
);

test("A schedule that is edited and not changed is sent as it was, with the digits of its input", () => {
  const sent = bodyOf(draftOf(state), state);
  assert.match(sent, /12345678901234567890/);
  const { name: _, counts: __, ...members } = state.schedule;
  assert.deepEqual(JSON.parse(sent), JSON.parse(JSON.stringify(members)));
});

test("A field that is emptied is left out, so that the server's default holds", () => {
  const draft = { ...draftOf(state), version: " ", timeZone: "", input: "" };
  const sent = JSON.parse(bodyOf(draft, state)) as Record<string, unknown>;
  assert.deepEqual(["version", "timeZone", "input"].filter((member) => member in sent), []);
});

test("A new schedule begins with the server's defaults", () => {
  const draft = { ...draftOf(undefined), path: " jobs/a ", cron: "* * * * *" };
  assert.equal(
    bodyOf(draft, undefined),
    '{"path":"jobs/a","cron":"* * * * *","timeZone":"UTC","input":{},"priority":5,"enabled":true,"overlap":"skip","missed":"skip"}',
  );
});

test("What cannot be sent is said before it is sent, and the rest is left to the server", () => {
  const draft = draftOf(undefined);
  assert.match(errorsOf(draft).name!, /1 to 64 letters/);
  for (const name of [".", "..", "a/b", "a b", "x".repeat(65)]) assert.ok(errorsOf({ ...draft, name }).name, name);
  assert.deepEqual(errorsOf({ ...draft, name: "nightly-report.2_a" }), {});
  assert.match(errorsOf({ ...draft, name: "a", input: "{" }).input!, /not valid JSON/);
});
