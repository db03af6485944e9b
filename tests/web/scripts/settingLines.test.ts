import assert from "node:assert/strict";
import { test } from "node:test";
import { isFor, secretNames, settingLines } from "../../../src/Faas.Web/src/scripts/settingLines.ts";

test("settings have their units and an order", () => {
  assert.deepEqual(
    settingLines({
      env: { REGION: "eu", TZ: "UTC" },
      memory: 67_108_864,
      timeout: 300,
      isolation: "shared",
      public: false,
      secrets: ["A"],
    }),
    [
      { name: "isolation", text: "shared" },
      { name: "public", text: "no" },
      { name: "timeout", text: "5 min" },
      { name: "memory", text: "64 MiB" },
      { name: "env", text: "REGION=eu\nTZ=UTC" },
    ],
  );
});

test("a policy of attempts is one line", () => {
  assert.deepEqual(settingLines({ retry: { attempts: 3 } }), [{ name: "retry", text: "3 attempts" }]);
  assert.deepEqual(settingLines({ retry: { attempts: 3, on: ["oom", "timeout"], delay: 1, maxDelay: 300 } }), [
    { name: "retry", text: "3 attempts on oom, timeout, delay 1 s, at most 5 min" },
  ]);
});

test("a setting that a newer server has is shown as it is", () => {
  assert.deepEqual(settingLines({ region: ["eu"] }), [{ name: "region", text: '["eu"]' }]);
});

test("secrets are names", () => {
  assert.deepEqual(secretNames({ secrets: ["MAIL_KEY"] }), ["MAIL_KEY"]);
  assert.deepEqual(secretNames({}), []);
});

test("a secret is for the scripts under its paths", () => {
  assert.deepEqual(
    [
      isFor([], "mail/send"),
      isFor(["mail"], "mail/send"),
      isFor(["mail/send"], "mail/send"),
      isFor(["mail"], "mailbox"),
      isFor(["a"], "b"),
    ],
    [true, true, true, false, false],
  );
});
