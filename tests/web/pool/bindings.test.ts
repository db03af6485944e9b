import assert from "node:assert/strict";
import { test } from "node:test";
import { bindingsOf } from "../../../src/Faas.Web/src/pool/bindings.ts";
import type { Sandbox } from "../../../src/Faas.Web/src/pool/protocol.ts";

test("Of 300 sandboxes each bound one is in the line of its version, with its state and memory", () => {
  const sandboxes: Sandbox[] = Array.from({ length: 300 }, (_, at) => ({
    name: `node-${at}`, image: "node", state: (["busy", "idle", "closing"] as const)[at % 3]!, since: "", memoryBytes: 1000, uses: 0, runs: 0,
    ...(at >= 60 && { path: `s/${at % 4}`, ...(at % 4 !== 3 && { version: at < 180 ? 1 : 2 }) }),
  }));
  const lines = bindingsOf(sandboxes);
  assert.deepEqual(lines.map(({ binding, sandboxes: { length } }) => `${binding}: ${length}`), [
    "s/3: 60", "s/0 @ 1: 30", "s/0 @ 2: 30", "s/1 @ 1: 30", "s/1 @ 2: 30", "s/2 @ 1: 30", "s/2 @ 2: 30",
  ]);
  assert.deepEqual(new Set(lines.flatMap((line) => line.sandboxes)), new Set(sandboxes.slice(60).map(({ name }) => name)));
  assert.deepEqual([lines[0]!.busy, lines[0]!.idle, lines[0]!.memoryBytes, lines[1]!.busy], [20, 20, 60_000, 10]);
  assert.deepEqual(bindingsOf(sandboxes.slice(0, 60)), []);
});
