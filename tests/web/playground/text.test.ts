import assert from "node:assert/strict";
import { test } from "node:test";
import { bytesText, timeText } from "../../../src/Faas.Web/src/playground/measures.ts";
import { prettyJson } from "../../../src/Faas.Web/src/playground/prettyJson.ts";

test("Times and amounts have three digits and a unit", () => {
  assert.deepEqual([0.0000402, 0.00084, 0.0012, 0.0123, 0.123, 2.5104, 75].map(timeText),
    ["40 µs", "840 µs", "1.20 ms", "12.3 ms", "123 ms", "2.51 s", "75.0 s"]);
  assert.deepEqual([0, 1023, 1024, 13123584, 200 << 20, 3 * 2 ** 30].map(bytesText),
    ["0 B", "1023 B", "1.00 KiB", "12.5 MiB", "200 MiB", "3.00 GiB"]);
});

test("JSON is laid out as JSON.stringify does it", () => {
  const values: unknown[] = [
    1, "a", null, [], {}, [[]], { a: {} }, [1, [2, { b: ["x", {}, []] }]], { "a:b,{": "\"}\\", c: [true, false, null, -1.5e10] },
  ];
  for (const value of values) assert.equal(prettyJson(JSON.stringify(value)), JSON.stringify(value, null, 2));
});

test("Numbers keep their digits, and texts their escapes", () => {
  assert.equal(prettyJson('{ "a" :12345678901234567890.10,\n"b":"\\u00e4" }'), '{\n  "a": 12345678901234567890.10,\n  "b": "\\u00e4"\n}');
});

test("A very deep value is laid out, without an indent for each of its levels", () => {
  const pretty = prettyJson(`${"[".repeat(20_000)}${"]".repeat(20_000)}`);
  assert.equal(pretty.split("\n").length, 2 * 20_000 - 1);
  assert.ok(Math.max(...pretty.split("\n").map((line) => line.length)) < 250);
});
