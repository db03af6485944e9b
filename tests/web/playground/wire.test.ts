import assert from "node:assert/strict";
import { test } from "node:test";
import { failedOf, linesOf, readAnswer, readEvent, type Outcome } from "../../../src/Faas.Web/src/playground/wire.ts";

/** An outcome with its value as text. */
const plain = (outcome: Outcome) => ({ ...outcome, value: { type: outcome.value!.type, json: outcome.value!.json.text } });
const stats = { cpuSeconds: 0.0072, maxRssBytes: 13123584, wallSeconds: 2.5104 };

test("A line is shown as it was printed", () => {
  const line = (text: string) => readEvent(text);
  assert.deepEqual(line('{"event":"log","data":"hello \\u00e4","type":"text"}'), { line: { text: "hello ä", isError: false } });
  assert.deepEqual(line('{"event":"log","data":12345678901234567890.10,"type":"number"}'),
    { line: { text: "12345678901234567890.10", isError: false } });
  assert.deepEqual(line('{"event":"log","data":{"a": 1,"type":"x"},"type":"json","stream":"stderr"}'),
    { line: { text: '{"a": 1,"type":"x"}', isError: true } });
  assert.deepEqual(line('{"event":"log","data":"quoted","type":"string"}'), { line: { text: '"quoted"', isError: false } });
});

test("The result has its value, its JSON with all digits, and its cost", () => {
  const json = '[1.50,12345678901234567890,1e400,-0,{"type":"x"}]';
  const read = readEvent(`{"event":"result","data":${json},"type":"json","hint":"h","stats":${JSON.stringify(stats)}}`);
  assert.deepEqual(plain((read as { outcome: Outcome }).outcome), { reason: "ok", value: { type: "json", json }, hint: "h", stats });
});

test("An error event tells why, and where", () => {
  assert.deepEqual(
    readEvent(`{"event":"error","data":"The script failed.","type":"text","reason":"error","name":"KeyError","message":"'a'","line":2,`
      + `"stats":${JSON.stringify(stats)}}`),
    { outcome: { reason: "error", failure: { detail: "The script failed.", name: "KeyError", message: "'a'", line: 2 }, stats } });
});

test("An event of a kind that is not known is skipped", () => {
  assert.equal(readEvent('{"event":"progress","data":1,"type":"number"}'), null);
});

test("An answer that is not streamed has its value and what was printed", () => {
  assert.deepEqual(plain(readAnswer('{"data":8,"type":"number","logs":"a\\nb\\n"}')), {
    reason: "ok", value: { type: "number", json: "8" }, logs: "a\nb\n",
  });
});

test("A problem is a failure without a cost when nothing ran", () => {
  assert.deepEqual(failedOf({ status: 422, title: "", detail: "It does not compile.", reason: "syntax", line: 2, column: 22 }), {
    reason: "syntax", failure: { detail: "It does not compile.", line: 2, column: 22 },
  });
});

test("Printed text has as many lines as line ends, and a last one without", () => {
  assert.deepEqual(linesOf("").map((line) => line.text), []);
  assert.deepEqual(linesOf("a\n\nb").map((line) => line.text), ["a", "", "b"]);
  assert.deepEqual(linesOf("a\n").map((line) => line.text), ["a"]);
});
