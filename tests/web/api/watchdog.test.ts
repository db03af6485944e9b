import assert from "node:assert/strict";
import { test } from "node:test";
import { longestSilence, watchdog } from "../../../src/Faas.Web/src/api/watchdog.ts";

test("A watchdog barks once, when nothing was heard for as long as it waits", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  let barks = 0;
  const dog = watchdog(1000, () => barks++);
  context.mock.timers.tick(999);
  dog.heard();
  context.mock.timers.tick(999);
  assert.equal(barks, 0);
  context.mock.timers.tick(1);
  assert.equal(barks, 1);
  context.mock.timers.tick(10_000);
  assert.equal(barks, 1);
});

test("A watchdog whose connection has ended does not bark", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  let barks = 0;
  watchdog(1000, () => barks++).stop();
  context.mock.timers.tick(2000);
  assert.equal(barks, 0);
});

test("A connection may be silent for two and a half times as long as the server pings", () => {
  assert.equal(longestSilence("15"), 37_500);
  assert.equal(longestSilence("0.1"), 250);
  for (const unknown of [null, "", "soon", "0", "-1", "Infinity"]) assert.equal(longestSilence(unknown), 37_500);
});
