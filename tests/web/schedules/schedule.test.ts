import assert from "node:assert/strict";
import { test } from "node:test";
import { addressOfSchedule, apiOfSchedule, bodyFrom, isFailure, lastText, stateOf } from "../../../src/Faas.Web/src/schedules/schedule.ts";

const text =
  '{"name":"report","path":"jobs/report","cron":"30 6 * * *","timeZone":"UTC","priority":5,"enabled":true,"overlap":"skip",'
  + '"missed":"skip","createdAt":"2026-02-06T07:33:20Z","updatedAt":"2026-02-06T07:33:20Z","counts":{"runs":1,"skipped":0,"missed":0,'
  + '"failed":0},"input":{"n":12345678901234567890},"key":"ci","next":"2026-02-10T05:30:00Z","last":{"at":"2026-02-09T05:30:00Z"},'
  + '"skippedAt":"2026-02-08T05:30:00Z","retries":{"most":3}}';

test("A change of one member leaves all others as they are, also those that the page does not know", () => {
  const body = bodyFrom(stateOf(text, '"7"').json, { enabled: "false" });
  assert.equal(
    body,
    '{"path":"jobs/report","cron":"30 6 * * *","timeZone":"UTC","priority":5,"enabled":false,"overlap":"skip","missed":"skip",'
    + '"input":{"n":12345678901234567890},"retries":{"most":3}}',
  );
});

test("A member is left out by null, and the body of a new schedule has what it is given", () => {
  assert.equal(bodyFrom(undefined, { path: '"a"', version: null, cron: '"@daily"' }), '{"path":"a","cron":"@daily"}');
  assert.equal(bodyFrom(stateOf('{"path":"a","version":"stable"}', null).json, { version: null }), '{"path":"a"}');
});

test("A state has the entity tag of its answer", () => {
  assert.equal(stateOf(text, '"7"').tag, '"7"');
  assert.equal(stateOf(text, null).tag, "*");
});

test("What became of the last fire is said in words, and a failure is one", () => {
  const at = "2026-02-09T05:30:00Z";
  assert.equal(lastText({ at, reason: "not_found" }), "no run: not_found");
  assert.equal(lastText({ at, run: "a~k1" }), "made a run");
  assert.equal(lastText({ at, run: "a~k1", state: "running" }), "running");
  assert.equal(lastText({ at, run: "a~k1", state: "ended", reason: "ok" }), "ok");
  assert.deepEqual(
    [{ at }, { at, run: "a~k1" }, { at, run: "a~k1", reason: "ok" }, { at, run: "a~k1", reason: "oom" }].map(isFailure),
    [true, false, false, true],
  );
});

test("A name is one segment of an address", () => {
  assert.equal(addressOfSchedule("a.b"), "/schedules/a.b");
  assert.equal(apiOfSchedule("a b", "/run"), "/api/v1/schedules/a%20b/run");
});
