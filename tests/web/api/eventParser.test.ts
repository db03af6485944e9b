import assert from "node:assert/strict";
import { test } from "node:test";
import { EventParser, type StreamMessage } from "../../../src/Faas.Web/src/api/eventParser.ts";

const read = (...pieces: string[]): StreamMessage[] => {
  const parser = new EventParser();
  return pieces.flatMap((piece) => parser.push(piece));
};

test("A message has its id, its data and the name of its event", () => {
  assert.deepEqual(read("id: 1\nevent: pool\ndata: {\"a\":1}\n\n"), [{ id: "1", event: "pool", data: "{\"a\":1}" }]);
});

test("A message without a name is a message, and keeps the id of those before it", () => {
  assert.deepEqual(read("id: 7\ndata: a\n\ndata: b\n\n"),
    [{ id: "7", event: "message", data: "a" }, { id: "7", event: "message", data: "b" }]);
});

test("Lines of data are joined, and one space behind the colon is no part of it", () => {
  assert.deepEqual(read("data:a\ndata:  b\ndata\n\n"), [{ id: "", event: "message", data: "a\n b\n" }]);
});

test("Comments and empty messages are skipped", () => {
  assert.deepEqual(read(": ping\n\nid: 3\n\nevent: x\n\ndata: a\n\n"), [{ id: "3", event: "message", data: "a" }]);
});

test("What the stream ends within is no message", () => {
  assert.deepEqual(read("data: a\n\ndata: b\n"), [{ id: "", event: "message", data: "a" }]);
});

test("An id with a NUL is ignored", () => {
  assert.deepEqual(read("id: 1\nid: 2\0\ndata: a\n\n"), [{ id: "1", event: "message", data: "a" }]);
});

test("A byte order mark at the begin is skipped", () => {
  assert.deepEqual(read("\uFEFFdata: a\n\n"), [{ id: "", event: "message", data: "a" }]);
});

test("Pieces may end anywhere, by each kind of line end", () => {
  for (const end of ["\n", "\r\n", "\r"]) {
    const text = ["id: 1", "data: äöü", "data: {\"x\":[]}", "", "id: 2", "event: e", "data: z", "", "data: last", "", ""].join(end);
    const whole = [
      { id: "1", event: "message", data: "äöü\n{\"x\":[]}" }, { id: "2", event: "e", data: "z" },
      { id: "2", event: "message", data: "last" },
    ];
    // A carriage return at the very end may be the first half of a line end, so the last message may still be waited for.
    const expected = end === "\r" ? whole.slice(0, 2) : whole;
    assert.deepEqual(read(text), expected);
    for (let at = 1; at < text.length; at++) {
      assert.deepEqual(read(text.slice(0, at), text.slice(at)), expected, `${JSON.stringify(end)} at ${at}`);
    }

    assert.deepEqual(read(...text), expected);
  }
});
