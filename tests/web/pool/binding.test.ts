import assert from "node:assert/strict";
import { test } from "node:test";
import { bindingOf, cellLabel, imageText, isSameBinding, tailOf } from "../../../src/Faas.Web/src/pool/binding.ts";
import type { Sandbox } from "../../../src/Faas.Web/src/pool/protocol.ts";

const sandbox = (more: Partial<Sandbox> = {}): Sandbox => ({
  name: "node-1",
  image: "node",
  state: "idle",
  since: "",
  memoryBytes: 1,
  uses: 0,
  runs: 0,
  ...more,
});

test("a sandbox says what it is bound to", () => {
  assert.equal(bindingOf(sandbox()), null);
  assert.equal(bindingOf(sandbox({ path: "/run-now" })), "/run-now");
  assert.equal(cellLabel(sandbox({ path: "math/add", version: 7 }), "1 MiB"), "node-1, idle, math/add @ 7, 1 MiB");
  assert.equal(cellLabel(sandbox({ state: "spare" }), "1 MiB"), "node-1, spare, bound to nothing, 1 MiB");
});

test("sandboxes of one version are kin, and spares are not", () => {
  assert.ok(isSameBinding(sandbox({ path: "a", version: 1 }), sandbox({ path: "a", version: 1 })));
  assert.ok(!isSameBinding(sandbox({ path: "a", version: 1 }), sandbox({ path: "a", version: 2 })));
  assert.ok(!isSameBinding(sandbox(), sandbox()));
  assert.ok(!isSameBinding(undefined, sandbox({ path: "a" })));
});

test("the image of a key's callers keeps the key's name", () => {
  assert.deepEqual([imageText("node"), imageText("python for ci"), imageText("python-data")], ["JS", "PY for ci", "python-data"]);
});

test("a long path shows its end, from a slash on", () => {
  assert.equal(tailOf("math/add", 19), "math/add");
  assert.equal(tailOf("shop/orders/europe/total", 19), "…/europe/total");
  assert.equal(tailOf("abcdefghij", 5), "…ghij");
});
