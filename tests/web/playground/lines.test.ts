import assert from "node:assert/strict";
import { test } from "node:test";
import { Lines, shownText } from "../../../src/Faas.Web/src/playground/lines.ts";

test("Lines are kept in order, and those of stderr are told apart", () => {
  const lines = new Lines();
  lines.add({ text: "a", isError: false });
  lines.add({ text: "b", isError: true });
  lines.add({ text: "c", isError: false });
  assert.deepEqual([lines.count, lines.errors, lines.dropped, lines.text()], [3, 1, 0, "a\nb\nc"]);
  assert.deepEqual(lines.of(true).map((line) => line.text), ["b"]);
  assert.deepEqual([lines.at(2)?.text, lines.at(3)], ["c", undefined]);
});

test("Of too many lines the oldest go, and are counted", () => {
  const lines = new Lines(1000);
  for (let i = 0; i < 120_000; i++) lines.add({ text: `${i}`, isError: i % 2 === 0 });
  assert.equal(lines.count + lines.dropped, 120_000);
  assert.ok(lines.count <= 51_000);
  assert.equal(lines.at(lines.count - 1)?.text, "119999");
  assert.equal(lines.errors, lines.of(true).length);
});

test("A line is drawn without the codes for colours, and cut when it is endless", () => {
  assert.equal(shownText("\u001b[1;31mred\u001b[0m and plain"), "red and plain");
  assert.equal(shownText("x".repeat(2001)), `${"x".repeat(2000)}… (2001 characters)`);
});
