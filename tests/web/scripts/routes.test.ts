import assert from "node:assert/strict";
import { test } from "node:test";
import { api, format, parse, type ScriptsRoute } from "../../../src/Faas.Web/src/scripts/routes.ts";

test("an address leads to what it was made from", () => {
  const routes: ScriptsRoute[] = [{}, { path: "math/add" }, { path: "ö/50%/a b?#", version: 1_739_000_000, compare: 7 }];
  for (const route of routes) {
    const [pathname, search] = format(route).split("?");
    assert.deepEqual(parse(pathname!, search ?? ""), route);
  }
});

test("an address that a person has mistyped shows what can be read of it", () => {
  assert.deepEqual(parse("/scripts/", ""), {});
  assert.deepEqual(parse("/scripts/50%", "?version=stable&compare=-1"), { path: "50%" });
});

test("for the API the path is one segment", () => {
  assert.equal(api("math/add", "/versions"), "/api/v1/scripts/math%2Fadd/versions");
});
