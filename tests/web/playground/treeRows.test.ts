import assert from "node:assert/strict";
import { test } from "node:test";
import { Json } from "../../../src/Faas.Web/src/playground/json.ts";
import { after, before, mostRows, openAtFirst, rowsOf, spanOf, type TreeRow } from "../../../src/Faas.Web/src/playground/treeRows.ts";

const jsonOf = (value: unknown) => new Json(JSON.stringify(value));
const shown = (row: TreeRow) => {
  if (row.kind === "end") return "end";
  return `${row.level} ${row.kind === "value" ? (row.name ?? "") : `${row.kind} ${row.span.first} ${row.span.last}`}`;
};

test("At first two levels are open, in the order in which they are written", () => {
  const root = jsonOf({ b: [1, { c: 2 }], "1": {}, a: { d: { e: 3 } } });
  assert.deepEqual(rowsOf(root, openAtFirst(root)).map(shown), ["0 ", "1 1", "1 b", "2 0", "2 1", "1 a", "2 d"]);
  assert.deepEqual(rowsOf(root, new Map()).map(shown), ["0 "]);
  assert.deepEqual(rowsOf(jsonOf(3), openAtFirst(jsonOf(3))).map(shown), ["0 "]);
});

test("A value with very many members has few rows at first", () => {
  for (const value of [
    Array.from({ length: 100_000 }, (_, at) => at),
    Array.from({ length: 1000 }, () => Array.from({ length: 1000 }, (_, at) => at)),
    Object.fromEntries(Array.from({ length: 50_000 }, (_, at) => [`key ${at}`, { at }])),
  ]) {
    const root = jsonOf(value);
    const rows = rowsOf(root, openAtFirst(root));
    assert.ok(rows.length > 100 && rows.length < 600, `${rows.length} rows`);
    assert.equal(rows.at(-1)!.kind, "more");
  }
});

test("Every member can be reached, and no more than two thousand of a branch are drawn", () => {
  const root = jsonOf(Array.from({ length: 5000 }, (_, at) => at));
  const seen = new Set<string>();
  let span = spanOf(root);
  for (;;) {
    const rows = rowsOf(root, new Map([[root, span]]));
    for (const row of rows) if (row.kind === "value") seen.add(row.value.text);
    assert.ok(rows.length <= 2003);
    if (span.last === 5000) break;
    span = after(span, 5000);
  }

  assert.equal(seen.size, 5001);
  assert.deepEqual(rowsOf(root, new Map([[root, span]])).map(shown)[1], "1 before 3000 5000");
  assert.deepEqual([before(span), before(before(before(span)))], [{ first: 2000, last: 4000 }, { first: 0, last: 2000 }]);
});

test("Of a value that is open to its last level the rows end, however deep it is", () => {
  const root = new Json("[".repeat(20_000) + "]".repeat(20_000));
  const open = new Map<Json, ReturnType<typeof spanOf>>();
  for (let branch: Json | undefined = root; branch && open.size < 6000; branch = branch.items[0]) open.set(branch, spanOf(branch));
  const rows = rowsOf(root, open);
  assert.equal(rows.length, mostRows + 1);
  assert.equal(rows.at(-1)!.kind, "end");
  assert.equal(shown(rows[mostRows - 1]!), `${mostRows - 1} 0`);
});
