import assert from "node:assert/strict";
import { test } from "node:test";
import { bytes, clockOrDay, count, duration, moment, plural } from "../../../src/Faas.Web/src/charts/units.ts";

test("sizes have units of 1024 and few digits", () => {
  assert.deepEqual([0, 1, 1023, 1024, 1536, 10 * 1024, 26_214_400, 1024 ** 3, 2048 * 1024 ** 4].map(bytes), [
    "0 B",
    "1 B",
    "1023 B",
    "1 KiB",
    "1.5 KiB",
    "10 KiB",
    "25 MiB",
    "1 GiB",
    "2048 TiB",
  ]);
});

test("durations change their unit where the number would get long", () => {
  assert.deepEqual([0, 0.0002, 0.0012, 0.0476, 0.9994, 0.9996, 1.25, 59.96, 60, 185, 3600, 7440, 90_000].map(duration), [
    "0 µs",
    "200 µs",
    "1.2 ms",
    "48 ms",
    "999 ms",
    "1 s",
    "1.3 s",
    "1 min",
    "1 min",
    "3 min 5 s",
    "1 h",
    "2 h 4 min",
    "1 d 1 h",
  ]);
});

test("counts have separators and the right number", () => {
  assert.deepEqual([count(999), count(1000), count(1234567)], ["999", "1,000", "1,234,567"]);
  assert.deepEqual([plural(1, "run"), plural(0, "run"), plural(2, "entry", "entries")], ["1 run", "0 runs", "2 entries"]);
});

test("a moment is that of the reader", () => {
  assert.equal(moment(new Date(2026, 1, 8, 7, 3, 9)), "2026-02-08 07:03:09");
});

test("A moment of another day has its date", () => {
  const now = new Date(2026, 1, 8, 12, 0, 0);
  assert.equal(clockOrDay(new Date(2026, 1, 8, 7, 3, 20), now), "07:03:20");
  assert.equal(clockOrDay(new Date(2026, 1, 7, 23, 59, 59), now), "02-07 23:59");
  assert.equal(clockOrDay(new Date(2025, 1, 8, 7, 3, 20), now), "02-08 07:03");
});
