import assert from "node:assert/strict";
import { test } from "node:test";
import { addressOf, placeOf } from "../../../src/Faas.Web/src/shell/routes.ts";

test("The first segment of an address names the view, and the rest is the view's, still encoded", () => {
  assert.deepEqual(placeOf("/"), { view: "", rest: "" });
  assert.deepEqual(placeOf("/scripts"), { view: "scripts", rest: "" });
  assert.deepEqual(placeOf("/scripts/math%2Fadd"), { view: "scripts", rest: "math%2Fadd" });
  assert.deepEqual(placeOf("/scripts/math/add/"), { view: "scripts", rest: "math/add" });
});

test("A place has one address", () => {
  for (const address of ["/", "/scripts", "/scripts/math%2Fadd", "/pool"]) assert.equal(addressOf(placeOf(address)), address);
});
