import assert from "node:assert/strict";
import { deflateRawSync } from "node:zlib";
import { test } from "node:test";
import { fragmentOf, readFragment, type Shared } from "../../../src/Faas.Web/src/playground/share.ts";

const linkOf = (text: string | Buffer) => `#code=${deflateRawSync(text).toString("base64url")}`;

test("A link brings back exactly what was shared", async () => {
  const all: Shared[] = [
    { language: "python", code: "", input: "" },
    { language: "typescript", code: "return `ä€😀`;\n\t\"'\\", input: '{"a": [1, 2]}' },
    { language: "javascript", code: Array.from({ length: 4000 }, (_, i) => `line ${i * 7919}`).join("\n"), input: "null" },
  ];
  for (const shared of all) {
    const fragment = await fragmentOf(shared);
    assert.match(fragment, /^#code=[A-Za-z0-9_-]+$/);
    assert.deepEqual(await readFragment(fragment), shared);
  }
});

test("A damaged link is refused", async () => {
  const good = await fragmentOf({ language: "python", code: "return 1", input: "{}" });
  const bad = [
    "", "#", "#code=", "#other", "#code=%%%", "#code=AAAA", good.slice(0, -3), linkOf("not JSON"), linkOf("{}"), linkOf('["ruby","",""]'),
    linkOf('["python",1,""]'), linkOf('["python","a"]'), linkOf(Buffer.from([0x22, 0xff, 0x22])),
  ];
  for (const link of bad) assert.equal(await readFragment(link), null, link);
});

test("A link that would unpack to more than a megabyte is refused", async () => {
  assert.equal(await readFragment(linkOf(JSON.stringify(["python", "a".repeat(1 << 21), ""]))), null);
});
