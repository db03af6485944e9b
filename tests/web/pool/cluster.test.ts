import assert from "node:assert/strict";
import { test } from "node:test";
import { isAlone, reachText, runsText, type Member } from "../../../src/Faas.Web/src/pool/cluster.ts";

const member: Member = { address: "10.0.0.1:4053", state: "weakly_up", reachable: true, since: "2026-02-08T07:33:20Z" };

test("a server alone is asked once", () => {
  assert.ok(isAlone({ enabled: false }));
  assert.ok(!isAlone({ enabled: true }));
});

test("a member says how far it is, and whether it answers", () => {
  assert.equal(reachText(member), "weakly up");
  assert.equal(reachText({ ...member, state: "up", reachable: false }), "up, does not answer");
});

test("a member says how many runs it executes of how many", () => {
  const pool = { running: 4, free: 1, waiting: 0, spares: 0, warm: 0, draining: false };
  assert.equal(runsText(pool), "3 of 4");
  assert.equal(runsText({ ...pool, draining: true }), "drains");
  assert.equal(runsText(undefined), "–");
});
