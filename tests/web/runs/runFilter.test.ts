import assert from "node:assert/strict";
import { test } from "node:test";
import type { Run } from "../../../src/Faas.Web/src/runs/run.ts";
import {
  addressQuery, apiQuery, everything, filterOf, hasText, isShown, partsOf, toggled,
} from "../../../src/Faas.Web/src/runs/runFilter.ts";

const run: Run = {
  id: "call-1~7",
  call: "call-1",
  via: "run",
  path: "math/add",
  version: 5,
  language: "python",
  received: "",
  state: "ended",
  reason: "error",
  status: 500,
  detail: "ValueError: no number",
};

test("a filter is in the address, and comes back from it", () => {
  const filter = { ...everything, path: "math", reason: ["error", "timeout"], text: "no number" };
  assert.deepEqual(filterOf(addressQuery(filter)), filter);
  assert.equal(addressQuery(everything), "");
});

test("the server is asked for all but the text", () => {
  assert.equal(apiQuery({ ...everything, path: "math/", start: ["cold"], text: "x" }, 500), "?path=math&start=cold&limit=500");
  assert.equal(apiQuery({ ...everything, path: "/run-now" }, 5), "?path=%2Frun-now&limit=5");
});

test("words that an address may not have are left out", () => {
  assert.deepEqual(filterOf("?reason=bad,oom&language=cobol").reason, ["oom"]);
  assert.deepEqual(filterOf("?language=cobol"), everything);
});

test("words of the text may be in any part, in any order and in any case", () => {
  assert.ok(hasText(run, "NUMBER math"));
  assert.ok(hasText(run, "500"));
  assert.ok(hasText(run, "  "));
  assert.ok(!hasText(run, "number javascript"));
});

test("a word of a list is taken and given up, in the list's own order", () => {
  const two = toggled(toggled(everything, "reason", "oom"), "reason", "ok");
  assert.deepEqual(two.reason, ["ok", "oom"]);
  assert.deepEqual(toggled(two, "reason", "ok").reason, ["oom"]);
  assert.equal(partsOf(two), 1);
  assert.equal(partsOf(everything), 0);
});

test("The page looks for the state itself, since a run leaves one for another", () => {
  const underWay = { ...everything, state: ["waiting", "running"] };
  assert.equal(apiQuery(underWay, 5), "?limit=5");
  const run = { id: "a~1", path: "math/add", state: "running", received: "2026-01-01T00:00:00Z" } as Parameters<typeof isShown>[0];
  assert.equal(isShown(run, underWay), true);
  assert.equal(isShown({ ...run, state: "ended" }, underWay), false);
});
