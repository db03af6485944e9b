import assert from "node:assert/strict";
import { test } from "node:test";
import { fieldOf } from "../../../src/Faas.Web/src/api/problemField.ts";

const names = ["cron", "timeZone", "input"] as const;

test("A problem that begins with the name of a member belongs to its field", () => {
  assert.equal(fieldOf('"cron" is "x"; it is no cron expression.', names), "cron");
  assert.equal(fieldOf('"timeZone" is missing.', names), "timeZone");
  assert.equal(fieldOf('"input.a" is too deep.', names), "input");
});

test("A problem that names another member, or none, belongs to no field", () => {
  assert.equal(fieldOf('"color" is not known.', names), undefined);
  assert.equal(fieldOf('There is no script "cron".', names), undefined);
  assert.equal(fieldOf("", names), undefined);
});
