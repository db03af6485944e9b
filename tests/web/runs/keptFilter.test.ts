import assert from "node:assert/strict";
import { test } from "node:test";
import {
  everyKept, isKeptList, keptAddress, keptChoices, keptFilterOf, keptPartsOf, keptQuery, redriveQuery, toggledKept,
} from "../../../src/Faas.Web/src/runs/keptFilter.ts";

const filter = { ...everyKept, path: "jobs/", key: " ci ", schedule: " nightly", reason: ["error", "timeout"], via: ["schedule"], dead: true };

test("A filter is in the address, beside the run that is shown, and comes back from it", () => {
  const address = keptAddress(filter, "a~k1");
  assert.equal(address, "/runs/a~k1?kept=true&dead=true&path=jobs&key=ci&schedule=nightly&reason=error%2Ctimeout&via=schedule");
  assert.deepEqual(keptFilterOf(new URL(address, "http://a").search), { ...filter, path: "jobs", key: "ci", schedule: "nightly" });
  assert.equal(keptAddress(everyKept), "/runs?kept=true");
});

test("An address says which list is meant, and what it may not hold is left out", () => {
  assert.equal(isKeptList("?kept=true&path=a"), true);
  assert.equal(isKeptList("?path=a"), false);
  assert.deepEqual(keptFilterOf("?kept=true&state=waiting,queued&via=post&dead=yes"), { ...everyKept, state: ["queued"] });
});

test("Only the ways of a call that a kept run can have are offered, and others in an address are left out", () => {
  assert.deepEqual(keptChoices.via, ["run", "tool", "schedule"]);
  assert.deepEqual(keptFilterOf("?kept=true&via=run_now,function,tool,run").via, ["run", "tool"]);
});

test("The server is asked for all parts, and a bulk redrive for those that it takes", () => {
  assert.equal(keptQuery(filter), "?kept=true&dead=true&path=jobs&key=ci&schedule=nightly&reason=error%2Ctimeout&via=schedule");
  assert.equal(redriveQuery(filter, "latest", 100), "?path=jobs&key=ci&schedule=nightly&reason=error%2Ctimeout&via=schedule&to=latest&limit=100");
  assert.equal(redriveQuery(everyKept, "", 5), "?limit=5");
});

test("A word of a list is taken and given up, and each part that leaves something out counts", () => {
  const both = toggledKept(toggledKept(everyKept, "state", "running"), "state", "queued");
  assert.deepEqual(both.state, ["queued", "running"]);
  assert.deepEqual(toggledKept(both, "state", "queued").state, ["running"]);
  assert.equal(keptPartsOf(filter), 6);
  assert.equal(keptPartsOf({ ...everyKept, key: " " }), 0);
});
