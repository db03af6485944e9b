import assert from "node:assert/strict";
import { test } from "node:test";
import { failurePlace } from "../../../src/Faas.Web/src/playground/failurePlace.ts";

const detail = "It failed.";

test("The place that the server names comes first", () => {
  assert.deepEqual(failurePlace({ detail, line: 2, column: 22, stack: "at script.js:9:9" }), { line: 2, column: 22 });
  assert.deepEqual(failurePlace({ detail, line: 2 }), { line: 2 });
});

test("Of a stack it is the innermost place in the script", () => {
  const javascript = "TypeError: x\n    at node:fs:1:2\n    at f (script.ts:1:31)\n    at Object.<anonymous> (script.ts:3:8)";
  assert.deepEqual(failurePlace({ detail, stack: javascript }), { line: 1, column: 31 });
  const python = 'Traceback (most recent call last):\n  File "script.py", line 6, in <module>\n    f()\n'
    + '  File "script.py", line 2, in f\n  File "/usr/lib/x.py", line 9, in g\n';
  assert.deepEqual(failurePlace({ detail, stack: python }), { line: 2 });
});

test("A failure of no place has none", () => {
  assert.equal(failurePlace({ detail }), null);
  assert.equal(failurePlace({ detail, stack: "Error: x\n    at node:internal:1:2" }), null);
});
