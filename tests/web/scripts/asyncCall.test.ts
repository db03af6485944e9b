import assert from "node:assert/strict";
import { test } from "node:test";
import { addressOfCall, bodyOfCall, errorsOfCall } from "../../../src/Faas.Web/src/scripts/asyncCall.ts";

const draft = { version: "", input: '{"n": 12345678901234567890}', priority: "7", notBefore: "" };

test("The input goes as it is written, and a time only if there is one", () => {
  assert.deepEqual(bodyOfCall(draft), { input: '{"n": 12345678901234567890}', priority: 7 });
  assert.deepEqual(bodyOfCall({ ...draft, input: " " }), { input: "{}", priority: 7 });
  const { notBefore } = bodyOfCall({ ...draft, notBefore: "2026-02-08T07:33" });
  assert.equal(notBefore, new Date(2026, 1, 8, 7, 33).toISOString());
});

test("The version is part of the address", () => {
  assert.equal(addressOfCall("math/add", ""), "/run/math%2Fadd");
  assert.equal(addressOfCall("math/add", " stable "), "/run/math%2Fadd?version=stable");
});

test("What is no JSON, or no time, is said before it is sent", () => {
  assert.deepEqual(errorsOfCall(draft), {});
  assert.match(errorsOfCall({ ...draft, input: "{" }).input!, /not valid JSON/);
  assert.ok(errorsOfCall({ ...draft, notBefore: "tomorrow" }).notBefore);
});
