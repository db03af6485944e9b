import assert from "node:assert/strict";
import { test } from "node:test";
import { apply, EMPTY } from "../../../src/Faas.Web/src/pool/poolState.ts";
import type { PoolEvent, PoolRun, Sandbox } from "../../../src/Faas.Web/src/pool/protocol.ts";

const sandbox = (name: string, more: Partial<Sandbox> = {}): Sandbox => ({
  name,
  image: "node",
  state: "spare",
  since: "2026-02-08T07:33:20Z",
  memoryBytes: 1,
  uses: 0,
  runs: 0,
  ...more,
});
const run = (id: string, more: Partial<PoolRun> = {}): PoolRun => ({
  id,
  path: "a",
  mode: "execute",
  since: "2026-02-08T07:33:20Z",
  ...more,
});
const all = (sandboxes: Sandbox[], runs: PoolRun[] = []): PoolEvent => ({
  event: "pool",
  pool: { counts: { ...EMPTY.counts, spare: sandboxes.length }, sandboxes, runs },
});

test("the first event is everything, and each later one changes one thing", () => {
  const state = apply(EMPTY, [
    all([sandbox("node-1"), sandbox("node-2")], [run("1")]),
    { event: "sandbox", sandbox: sandbox("node-2", { state: "busy", path: "a", version: 7, runs: 1 }) },
    { event: "run", run: run("1", { sandbox: "node-2" }) },
    { event: "sandbox_gone", name: "node-1" },
    { event: "counts", counts: { ...EMPTY.counts, busy: 1 } },
  ]);

  assert.deepEqual([...state.sandboxes.keys()], ["node-2"]);
  assert.equal(state.sandboxes.get("node-2")?.path, "a");
  assert.equal(state.runs.get("1")?.sandbox, "node-2");
  assert.equal(state.counts.busy, 1);
  assert.equal(apply(state, [{ event: "run_gone", name: "1" }]).runs.size, 0);
});

test("a sandbox keeps its place, and a new one takes the first that is free", () => {
  const three = apply(EMPTY, [all([sandbox("a"), sandbox("b"), sandbox("c")])]);
  const two = apply(three, [{ event: "sandbox_gone", name: "a" }]);
  const again = apply(two, [
    { event: "sandbox", sandbox: sandbox("d") },
    { event: "sandbox", sandbox: sandbox("e") },
  ]);

  assert.deepEqual(three.slots, ["a", "b", "c"]);
  assert.deepEqual(two.slots, [null, "b", "c"]);
  assert.deepEqual(again.slots, ["d", "b", "c", "e"]);
  assert.deepEqual(apply(two, [{ event: "sandbox_gone", name: "c" }]).slots, [null, "b"]);
});

test("after a reconnect nothing of the old connection is left, and who is still there stays in place", () => {
  const before = apply(EMPTY, [all([sandbox("a"), sandbox("b")], [run("1")])]);
  const after = apply(before, [all([sandbox("b"), sandbox("c")])]);

  assert.deepEqual(after.slots, ["c", "b"]);
  assert.equal(after.runs.size, 0);
});

test("an event that the page does not know changes nothing", () => {
  const state = apply(EMPTY, [all([sandbox("a")])]);
  assert.deepEqual(apply(state, [{ event: "weather" } as unknown as PoolEvent]), state);
});

test("an update of nothing leaves the state that was given as it was", () => {
  const before = apply(EMPTY, [all([sandbox("a")])]);
  apply(before, [{ event: "sandbox_gone", name: "a" }]);
  assert.equal(before.sandboxes.size, 1);
});
