import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError, isFinal, notReached, problemIn, problemOf, sentenceOf, unreachable } from "../../../src/Faas.Web/src/api/problem.ts";

test("A problem document is read as it is, with the status of the answer and the wait that it asks for", () => {
  const problem = { status: 429, title: "Too Many Requests", detail: "The queue is full.", reason: "queue_full", callId: "c1" };
  assert.deepEqual(problemOf(429, "Too Many Requests", JSON.stringify(problem), "3"), { ...problem, retryAfter: 3 });
});

test("What is no problem document becomes one that names the status", () => {
  for (const body of ["", "<html>Bad gateway</html>", "null", "[]", "{}", '{"detail": 1, "reason": "x"}']) {
    assert.deepEqual(problemOf(502, "Bad Gateway", body), {
      status: 502, title: "Bad Gateway", reason: "unknown", detail: "The server answered with 502 Bad Gateway.",
    });
  }

  assert.equal(problemOf(502, "", "").detail, "The server answered with 502.");
});

test("An error says what the problem says", () => {
  assert.equal(sentenceOf(new ApiError(problemOf(404, "Not Found", '{"detail":"There is no script \\"a\\".","reason":"not_found"}'))),
    'There is no script "a".');
  assert.equal(notReached().problem.status, unreachable);
  assert.equal(sentenceOf("text"), "text");
});

test("A document in a stream says its status itself", () => {
  const problem = { status: 401, title: "Unauthorized", detail: "The key is unknown.", reason: "unauthorized" };
  assert.deepEqual(problemIn(JSON.stringify(problem)), problem);
});

test("What the caller is refused for does not pass; a full queue, a slow request, a fault and silence do", () => {
  const finals = [unreachable, 400, 401, 403, 404, 408, 422, 429, 500, 503].filter((status) => isFinal(problemOf(status, "", "")));
  assert.deepEqual(finals, [400, 401, 403, 404, 422]);
});
