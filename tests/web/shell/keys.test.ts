import assert from "node:assert/strict";
import { test } from "node:test";
import { isPressed, keysText, type Pressed } from "../../../src/Faas.Web/src/shell/keys.ts";

const pressed = (key: string, ...held: ("ctrlKey" | "metaKey" | "shiftKey" | "altKey")[]): Pressed => ({
  key, ctrlKey: held.includes("ctrlKey"), metaKey: held.includes("metaKey"), shiftKey: held.includes("shiftKey"),
  altKey: held.includes("altKey"),
});

test("Mod is Command on a Mac, and Ctrl elsewhere", () => {
  assert.ok(isPressed("Mod+Enter", pressed("Enter", "ctrlKey"), false));
  assert.ok(!isPressed("Mod+Enter", pressed("Enter", "metaKey"), false));
  assert.ok(isPressed("Mod+Enter", pressed("Enter", "metaKey"), true));
  assert.ok(!isPressed("Mod+Enter", pressed("Enter", "ctrlKey"), true));
});

test("Exactly the named keys must be held", () => {
  assert.ok(!isPressed("Mod+Enter", pressed("Enter", "ctrlKey", "shiftKey"), false));
  assert.ok(!isPressed("Mod+Shift+Enter", pressed("Enter", "ctrlKey"), false));
  assert.ok(isPressed("Mod+Shift+Enter", pressed("Enter", "ctrlKey", "shiftKey"), false));
  assert.ok(isPressed("Mod+k", pressed("K", "ctrlKey"), false));
  assert.ok(!isPressed("Mod+k", pressed("k"), false));
});

test("A combination is written as the keyboard has it", () => {
  assert.equal(keysText("Mod+Shift+Enter", false), "Ctrl+Shift+Enter");
  assert.equal(keysText("Mod+Shift+Enter", true), "⌘⇧Enter");
});
