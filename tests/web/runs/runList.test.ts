import assert from "node:assert/strict";
import { test } from "node:test";
import { toneOf, type Run, type RunEvent } from "../../../src/Faas.Web/src/runs/run.ts";
import { noRuns, withEvents } from "../../../src/Faas.Web/src/runs/runList.ts";

const kept = { runs: 3, ageSeconds: 60 };
const at = (second: number) => `2026-02-08T07:33:${String(second).padStart(2, "0")}.100Z`;
const now = Date.parse(at(30));
const run = (id: string, second: number, more: Partial<Run> = {}): Run => ({
  id,
  call: id,
  via: "run",
  path: "a",
  language: "python",
  received: at(second),
  state: "ended",
  reason: "ok",
  ended: at(second),
  ...more,
});
const snapshot = (...runs: Run[]): RunEvent => ({ event: "runs", runs, kept });
const ids = (list: { runs: readonly Run[] }) => list.runs.map((one) => one.id);

test("a snapshot is everything, and a run is put where its time belongs", () => {
  const list = withEvents(noRuns, [snapshot(run("3~1", 12), run("1~1", 10)), { event: "run", run: run("2~1", 11) }], now);
  assert.deepEqual(ids(list), ["3~1", "2~1", "1~1"]);
  assert.deepEqual(ids(withEvents(list, [snapshot(run("9~1", 20))], now)), ["9~1"]);
});

test("a run that changes keeps its place", () => {
  const begun = withEvents(noRuns, [snapshot(run("2~1", 12), run("1~1", 10, { state: "running" }))], now);
  const ended = withEvents(begun, [{ event: "run", run: run("1~1", 10, { reason: "oom" }) }], now);
  assert.deepEqual(
    ended.runs.map((one) => one.reason),
    ["ok", "oom"],
  );
});

test("runs that the server forgets are forgotten, by number and by age, but none that is under way", () => {
  const old = run("0~1", 0, { state: "running" });
  const list = withEvents(noRuns, [snapshot(run("5~1", 15), run("4~1", 14), run("3~1", 13), run("2~1", 12), old)], now);
  assert.deepEqual(ids(list), ["5~1", "4~1", "3~1", "0~1"]);
  assert.deepEqual(ids(withEvents(list, [], now + 44_500)), ["5~1", "0~1"]);
});

test("what was skipped is said until the next snapshot", () => {
  const list = withEvents(
    noRuns,
    [
      { event: "runs", runs: [], kept, skipped: true },
      { event: "run", run: run("1~1", 1) },
    ],
    now,
  );
  assert.equal(list.isSkipped, true);
  assert.equal(withEvents(list, [snapshot()], now).isSkipped, false);
});

test("times with more digits of the second sort as times", () => {
  const [whole, more] = [run("1~1", 1, { received: "2026-02-08T07:33:01Z" }), run("2~1", 1, { received: "2026-02-08T07:33:01.5Z" })];
  assert.deepEqual(ids(withEvents(noRuns, [snapshot(whole, more)], now)), ["2~1", "1~1"]);
});

test("a word that a newer server uses is a run under way, or a failure", () => {
  assert.equal(toneOf(run("1~1", 1, { state: "paused" })), "busy");
  assert.equal(toneOf(run("1~1", 1, { reason: "melted" })), "bad");
});
