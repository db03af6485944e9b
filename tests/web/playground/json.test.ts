import assert from "node:assert/strict";
import fc from "fast-check";
import { test } from "node:test";
import { Json } from "../../../src/Faas.Web/src/playground/json.ts";
import { prettyJson } from "../../../src/Faas.Web/src/playground/prettyJson.ts";

/** A value as a tree of its texts, in which nothing is lost; members as pairs, so that order and repeated names count. */
type Texts = string | readonly Texts[] | { readonly members: readonly (readonly [string, Texts])[] };

const textsOf = (json: Json): Texts => {
  if (json.kind === "array") return json.items.map(textsOf);
  if (json.kind === "object") return { members: json.members.map(({ name, value }) => [name, textsOf(value)] as const) };
  return json.kind === "string" ? JSON.stringify(json.string) : json.text;
};

const space = fc.stringMatching(/^[ \t\r\n]{0,3}$/);
const number = fc.stringMatching(/^-?(0|[1-9]\d{0,30})(\.\d{1,30})?([eE][+-]?\d{1,4})?$/);
const string = fc.string({ unit: "binary", maxLength: 12 }).map((text) => JSON.stringify(text));
const name = fc.oneof(fc.constantFrom("a", "1", "__proto__", "toString", "\"", "\\"), fc.string({ maxLength: 5 }));

/** JSON texts, each with what is in it. */
const { value } = fc.letrec<{ value: { text: string; texts: Texts } }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.oneof(number, string, fc.constantFrom("true", "false", "null")).map((text) => ({ text, texts: text })),
    fc.tuple(fc.array(tie("value"), { maxLength: 5 }), space).map(([items, gap]) => ({
      text: `[${gap}${items.map(({ text }) => gap + text + gap).join(",")}${gap}]`, texts: items.map(({ texts }) => texts),
    })),
    fc.tuple(fc.array(fc.tuple(name, tie("value")), { maxLength: 5 }), space).map(([members, gap]) => ({
      text: `{${gap}${members.map(([key, { text }]) => `${gap}${JSON.stringify(key)}${gap}:${gap}${text}${gap}`).join(",")}${gap}}`,
      texts: { members: members.map(([key, { texts }]) => [key, texts] as const) },
    })),
  ),
}));

test("Nothing of a JSON text is lost: no digit, no member, no order", () => {
  fc.assert(fc.property(value, space, ({ text, texts }, gap) => {
    const json = new Json(gap + text + gap);
    assert.equal(json.text, text);
    assert.deepEqual(textsOf(json), texts);
    assert.deepEqual(textsOf(new Json(prettyJson(text))), texts);
  }), { numRuns: 500 });
});

test("A value is what JSON.parse makes of its text", () => {
  fc.assert(fc.property(fc.jsonValue(), fc.nat(3), (data, indent) => {
    const json = new Json(JSON.stringify(data, null, indent));
    assert.deepEqual(JSON.parse(json.text), JSON.parse(JSON.stringify(data)));
    for (const member of json.members) assert.deepEqual(JSON.parse(json.find(member.name)!.text), JSON.parse(json.text)[member.name]);
  }));
});

test("Numbers that no double holds keep their text", () => {
  const numbers = ["12345678901234567890", "1e400", "0.1000000000000000055511151231257827", "-0", "1.50", "1E+2"];
  assert.deepEqual(new Json(`[${numbers}]`).items.map((item) => [item.kind, item.text]), numbers.map((text) => ["number", text]));
  assert.deepEqual(new Json(' {"a": 1, "a": 2} ').find("a")?.text, "2");
  for (const empty of ["{ }", "[\n]", "3"]) assert.deepEqual(new Json(empty).items, []);
  assert.equal(new Json("{}").find("toString"), undefined);
});

test("Neither depth nor length is too much", () => {
  const deep = new Json("[".repeat(100_000) + "]".repeat(100_000));
  assert.equal(deep.items[0]!.items[0]!.text.length, 199_996);
  assert.equal(new Json(`"${"\\\\".repeat(1 << 20)}\\""`).string.length, (1 << 20) + 1);
  assert.equal(new Json(`[${"1,".repeat(200_000)}1]`).items.length, 200_001);
  assert.equal(prettyJson(`["${"a\\n".repeat(2_000_000)}"]`).length, 6_000_008);
});
