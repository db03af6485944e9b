import assert from "node:assert/strict";
import { test } from "node:test";
import { moment } from "../../../src/Faas.Web/src/charts/units.ts";
import { recordOf } from "../../../src/Faas.Web/src/runs/keptRun.ts";
import { callbackWords, cancelWords, failureWords, thenWords } from "../../../src/Faas.Web/src/runs/keptWords.ts";

const at = "2026-02-08T07:33:20Z";
const shown = moment(new Date(at));

test("A failure is its reason, its moment, and its detail if there is one", () => {
  assert.equal(failureWords({ reason: "timeout", detail: "It took longer than 3 s.", at }), `timeout, ${shown}: It took longer than 3 s.`);
  assert.equal(failureWords({ reason: "oom", at }), `oom, ${shown}`);
});

test("A callback is its state and address, how often it was sent, its last answer, and when it is sent next", () => {
  const url = "https://a.example/done";
  assert.equal(callbackWords({ url, state: "pending", attempts: 0 }), `pending at ${url}`);
  assert.equal(
    callbackWords({ url, state: "pending", attempts: 2, lastStatus: 503, next: at }),
    `pending at ${url}, sent 2 times, last answer 503, next ${shown}`,
  );
  assert.equal(
    callbackWords({ url, state: "dead", attempts: 1, lastError: "connection refused" }),
    `dead at ${url}, sent 1 time, no answer to the last attempt (connection refused)`,
  );
});

test("What a run hands on to is told with the versions, and with what follows", () => {
  const mail = { path: "report/mail", version: "stable", then: { success: { path: "report/archive" } } };
  assert.equal(
    thenWords({ success: mail, failure: { path: "ops/alert" } }),
    "success: report/mail@stable (success: report/archive), failure: ops/alert",
  );
  assert.equal(thenWords({ failure: { path: "ops/alert" } }), "failure: ops/alert");
});

test("The question before a cancel says whether the run has begun, waits for another attempt, or runs", () => {
  const words = (members: string) => cancelWords(recordOf(`{"id":"a~k1","path":"jobs/mail","log":[],${members}}`).run);
  assert.equal(words('"state":"queued","attempt":0'), "The run of jobs/mail has not begun, and will not.");
  assert.equal(words('"state":"queued","attempt":1'), "The run of jobs/mail waits for another attempt, which will not come.");
  assert.match(words('"state":"running","attempt":2'), /^All processes of the run of jobs\/mail are killed\./);
});
