import assert from "node:assert/strict";
import { test } from "node:test";
import { lackingIn } from "../../../src/Faas.Web/src/api/ownKey.ts";

test("A key may do what its scopes name, and an admin everything", () => {
  assert.equal(lackingIn({ name: "ci", scopes: ["read", "write"] }, "write"), null);
  assert.equal(lackingIn({ name: "boss", scopes: ["admin"] }, "write"), null);
  assert.equal(lackingIn({ name: "ci", scopes: ["read"] }, "write"), 'The key "ci" lacks the scope "write".');
});

test("Nothing is kept from a user whose key is not known, and what needs no scope from no one", () => {
  assert.equal(lackingIn(null, "admin"), null);
  assert.equal(lackingIn({ name: "ci", scopes: ["read"] }, undefined), null);
});

test("Of several scopes that are all needed, the first one that is missing is named", () => {
  const key = { name: "ci", scopes: ["read", "write"] };
  assert.equal(lackingIn(key, ["write", "read"]), null);
  assert.equal(lackingIn(key, ["write", "invoke", "runs"]), 'The key "ci" lacks the scope "invoke".');
});
