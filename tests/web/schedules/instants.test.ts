import assert from "node:assert/strict";
import { test } from "node:test";
import { moment } from "../../../src/Faas.Web/src/charts/units.ts";
import { instantText, inZone } from "../../../src/Faas.Web/src/schedules/instants.ts";

const at = new Date("2026-02-10T05:30:07Z");

test("An instant is shown by the clock of a zone, in summer and in winter", () => {
  assert.equal(inZone(at, "Europe/Berlin"), "2026-02-10 06:30:07");
  assert.equal(inZone(new Date("2026-07-10T22:30:00Z"), "Europe/Berlin"), "2026-07-11 00:30:00");
  assert.equal(inZone(at, "America/New_York"), "2026-02-10 00:30:07");
});

test("A zone that the browser does not know is no failure", () => {
  assert.equal(inZone(at, "Mars/Olympus"), null);
  assert.equal(instantText(at, "Mars/Olympus"), moment(at));
});

test("The zone's clock is named where it differs from the reader's", () => {
  assert.equal(instantText(at, "Pacific/Marquesas"), `${moment(at)} (2026-02-09 20:00:07 in Pacific/Marquesas)`);
  assert.equal(instantText(at, Intl.DateTimeFormat().resolvedOptions().timeZone), moment(at));
});
