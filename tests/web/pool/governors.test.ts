import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  GOVERNORS,
  governorOfReason,
  shownRange,
  shownValue,
  whereToChange,
  type Setting,
} from "../../../src/Faas.Web/src/pool/governors.ts";

const shipped = commentsByKey(readFileSync(new URL("../../../hocon/faas.conf", import.meta.url), "utf8"));
const setting = (more: Partial<Setting> = {}): Setting => ({
  key: "faas.pool.queue",
  value: "64",
  origin: "default",
  reloads: true,
  ...more,
});

test("each key is in the shipped settings, and its comment has the range that the page shows", () => {
  for (const { key, allowed } of GOVERNORS) {
    assert.ok(shipped.has(key), key);
    assert.ok(shipped.get(key)?.includes(allowed), `${key}: ${allowed} is not in: ${shipped.get(key)}`);
  }
});

test("a reason that a limit causes names the key of the limit", () => {
  assert.equal(governorOfReason("oom")?.key, "faas.sandbox.memory");
  assert.equal(governorOfReason("error"), undefined);
  assert.equal(governorOfReason("toString"), undefined);
});

test("a 0 that stands for something says what", () => {
  const running = GOVERNORS.find((governor) => governor.key === "faas.pool.running")!;
  const queue = GOVERNORS.find((governor) => governor.key === "faas.pool.queue")!;
  assert.equal(shownValue(running, setting({ value: "0" })), "0 (four for each processor)");
  assert.equal(shownValue(running, setting({ value: "8" })), "8");
  assert.equal(shownValue(queue, setting({ value: "0" })), "0");
  assert.equal(shownRange(queue), "0 to 100000");
});

test("where a value is changed depends on where it is written and on whether a reload takes it", () => {
  assert.match(whereToChange(setting()), /default\. Write it in the file that FAAS_CONFIG names, then reload/);
  assert.match(
    whereToChange(setting({ origin: "overrides.conf line 3" })),
    /written in overrides\.conf line 3\. Write it there, then reload/,
  );
  assert.match(whereToChange(setting({ reloads: false })), /next start/);
  assert.match(whereToChange(setting({ origin: "the environment variable FAAS_POOL_RUNNING" })), /start the server again/);
});

/** The comment above each key, by the whole key. Good for the form of the shipped file, and for no other. */
function commentsByKey(text: string): Map<string, string> {
  const [found, sections] = [new Map<string, string>(), [] as string[]];
  let comment = "";
  for (const line of text.split("\n").map((one) => one.trim())) {
    const [, section] = /^([\w-]+) \{$/.exec(line) ?? [];
    const [, key] = /^([\w-]+) = /.exec(line) ?? [];
    if (line.startsWith("#")) {
      comment += ` ${line.slice(1).trim()}`;
    } else if (section) {
      sections.push(section);
      comment = "";
    } else if (line === "}") {
      sections.pop();
    } else if (key) {
      const whole = [...sections, key].join(".");
      found.set(whole, found.get(whole) ?? comment);
    } else {
      comment = ""; // keys without an empty line between them share a comment
    }
  }

  return found;
}
